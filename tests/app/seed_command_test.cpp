// `bulkhead seed --size`.

#include "db/pool.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using Catch::Contains;

namespace {

struct Shop {
    Deployment deployment;

    Shop() { REQUIRE(deployment.run({"migrate", "up"}).status == 0); }
    Ended seed(const std::string& size) { return deployment.run({"seed", "--size", size}); }
    std::int64_t value(const std::string& sql) {
        using namespace bulkhead;
        db::Pool pool({.url = deployment.database_url()}, deployment.folder());
        return *db::Database(pool).transaction([&](db::Session& session) -> Result<std::int64_t> {
            return session.one<std::int64_t>(sql);
        });
    }
    std::int64_t count(const std::string& table) { return value("select count(*) from " + table); }
    /// Sums of what must not depend on when, or how often, it was seeded.
    std::vector<std::int64_t> sums() {
        return {count("users"),
                count("credentials"),
                count("products"),
                count("orders"),
                count("order_items"),
                value("select cast(sum(total) as bigint) from orders"),
                value("select cast(sum(stock) as bigint) from products")};
    }
};

}  // namespace

TEST_CASE("seeding a larger size adds to the smaller one, and tells how far it is") {
    Shop shop;
    const auto small = shop.seed("small");

    const auto medium = shop.seed("medium");

    CHECK(small.status == 0);
    CHECK_THAT(small.output, !Contains(" of "));
    CHECK(medium.status == 0);
    CHECK_THAT(medium.output, Contains("orders: 5000 of 10000\norders: 10000 of 10000\n"));
    CHECK(shop.count("users") == 100);
    CHECK(shop.count("products") == 1'000);
    CHECK(shop.count("orders") == 10'000);
}

TEST_CASE("what is seeded fits together, and is the same in every database") {
    Shop shop;
    Shop other;
    REQUIRE(shop.seed("medium").status == 0);
    REQUIRE(other.seed("medium").status == 0);

    const auto sums = shop.sums();
    REQUIRE(shop.seed("medium").status == 0);

    CHECK(shop.sums() == sums);
    CHECK(other.sums() == sums);
    CHECK(shop.count("orders where total <> (select sum(quantity * unit_price)"
                     " from order_items where order_id = id)") == 0);
    CHECK(shop.count("order_items join products on id = product_id where price <> unit_price") ==
          0);
    CHECK(shop.count("orders where customer_id not in (select id from users)") == 0);
    CHECK(shop.count("orders where customer_id = (select id from users"
                     " where email = 'sample-1@example.com')") > 2'000);
}

TEST_CASE("seeding that was killed goes on where it was") {
    Shop whole;
    REQUIRE(whole.seed("medium").status == 0);
    Shop shop;
    {
        Process killed(BULKHEAD_PROGRAM,
                       {"seed", "--size", "medium", "--config", shop.deployment.config()});
        killed.wait_for_line("orders: 5000 of 10000");
        killed.signal(SIGKILL);
        killed.wait();
    }

    const auto ended = shop.seed("medium");

    CHECK(ended.status == 0);
    CHECK(shop.sums() == whole.sums());
}

TEST_CASE("a seeded user logs in with the documented password") {
    RunningServer server({.seeded = true});
    const std::string body = R"({"email": "sample-1@example.com", "password": "bulkhead-sample"})";
    RawClient client(server.port());

    client.send(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json"
        "\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);

    CHECK(client.read_response().status == 200);
}

TEST_CASE("seeding refuses a size that there is not") {
    Shop shop;

    const auto ended = shop.seed("huge");

    CHECK(ended.status == 2);
    CHECK_THAT(ended.errors, Contains("--size") && Contains("small"));
}
