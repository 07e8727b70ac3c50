// PostgreSQL goes away in the middle of load and comes back: no client waits for ever, none is told
// anything wrong, and nobody has to touch the server.

#include "support/postgres_server.hpp"
#include "support/running_server.hpp"
#include "support/shop_floor.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr int clients = 8;

/// Ours and theirs, with products to sell.
struct Shop {
    explicit Shop(const std::string& database = {}, const std::string& server_lines = {})
        : server({.seeded = true,
                  .server = server_lines,
                  .database_url = postgres.url(),
                  .database = database}) {
        postgres.make_durable();
        floor().fill();
    }

    ShopFloor floor() { return {postgres.url(), server.deployment().folder()}; }
    int ready() const {
        const auto answer = ask(server.port(), "GET", "/ready");
        return answer ? answer->status : 0;
    }
    bool ready_by(Clock::time_point latest) const {
        while (ready() != 200)
            if (Clock::now() > latest)
                return false;
        return Clock::now() <= latest;
    }
    /// The same server process all the time, and every order that was acknowledged, once.
    void check_books(Shoppers& shoppers) {
        shoppers.stop();
        CHECK(shoppers.complaints().empty());
        CHECK(server.process().count_of("generation ready") == 1);
        server.process().signal(SIGTERM);
        server.process().wait();
        const auto acknowledged = shoppers.acknowledged();
        CHECK(std::set(acknowledged.begin(), acknowledged.end()) == floor().orders());
        CHECK(static_cast<std::size_t>(floor().number("select count(*) from orders")) ==
              acknowledged.size());
        CHECK(floor().discrepancies().empty());
    }

    PostgresServer postgres;
    RunningServer server;
};

struct Loss {
    std::string name;
    void (PostgresServer::*go)();
    void (PostgresServer::*come_back)();
};

std::string code_of(const RawResponse& answer) {
    const auto body = boost::json::parse(answer.body);
    const auto& error = body.at("error");
    return error.is_null() ? "" : error.at("code").as_string().c_str();
}

}  // namespace

TEST_CASE("a database that goes away under load is missed politely, and found when it is back") {
    const auto loss = GENERATE(
        Loss{"killed", &PostgresServer::kill, &PostgresServer::start},
        Loss{"shut down at once", &PostgresServer::stop_immediately, &PostgresServer::start},
        Loss{"hanging", &PostgresServer::halt, &PostgresServer::resume});
    CAPTURE(loss.name);
    Shop shop(
        "connect_timeout_ms = 1000\nstatement_timeout_ms = 2000\nacquire_timeout_ms = 2000\n");
    Shoppers shoppers(shop.server.port(), clients, Silence::refused);
    shoppers.wait_for_orders(20);

    (shop.postgres.*loss.go)();
    const int ready_without = shop.ready();
    shoppers.wait_for_refusals(20);
    (shop.postgres.*loss.come_back)();
    const bool back_in_time = shop.ready_by(Clock::now() + seconds(2));
    shoppers.wait_for_orders(20);

    CHECK(ready_without == 503);
    CHECK(back_in_time);
    if (loss.name != "hanging")
        return shop.check_books(shoppers);
    // A commit that was on its way to a host that hung may come through after its client looked.
    shoppers.stop();
    CHECK(shoppers.complaints().empty());
    CHECK(shop.floor().discrepancies().empty());
}

TEST_CASE("sessions that the database ends in the middle of a transaction lose no order") {
    Shop shop;
    Shoppers shoppers(shop.server.port(), clients, Silence::refused);

    for (int ended = 0; ended < 10; ++ended) {
        shoppers.wait_for_orders(5);
        shop.postgres.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'bulkhead'");
    }
    shoppers.wait_for_orders(20);

    shop.check_books(shoppers);
}

TEST_CASE("a database with fewer connections than are wanted serves what it can") {
    Shop shop("connections_max = 16\n", "workers = 18\n");
    shop.postgres.set("max_connections", "5");
    shop.postgres.stop();
    shop.postgres.start();
    REQUIRE(shop.ready_by(Clock::now() + seconds(2)));
    Shoppers shoppers(shop.server.port(), clients, Silence::refused);

    shoppers.wait_for_orders(60);

    shop.check_books(shoppers);
}

TEST_CASE("who finds all connections taken is told so in time, and who needs none is served") {
    Shop shop("connections_max = 2\nacquire_timeout_ms = 1000\n");
    const auto port = shop.server.port();
    const auto customer = register_customer(port, "patient", "correct horse battery");
    const std::string order =
        R"({"items": [{"product_id": "01a1f82f-1e80-7000-8000-000000000003", "quantity": 1}]})";
    const auto place = [&] { return ask(port, "POST", "/api/v1/orders", order, customer.token); };
    std::vector<std::optional<RawResponse>> answers(12);
    std::optional<RawResponse> health;

    bulkhead::db::Pool pool({.url = shop.postgres.url()}, ".");
    (void)bulkhead::db::Database(pool).transaction(
        [&](bulkhead::db::Session& sql) -> bulkhead::Result<> {
            sql.run("update products set stock = stock");  // Nobody can sell any of them now.
            std::vector<std::jthread> buyers;
            for (auto& answer : answers)
                buyers.emplace_back([&answer, &place] { answer = place(); });
            health = ask(port, "GET", "/openapi.json");
            buyers.clear();
            return bulkhead::Done{};
        });
    const auto afterwards = place();

    REQUIRE(health);
    CHECK(health->status == 200);
    std::map<std::string, int> codes;
    for (const auto& answer : answers) {
        REQUIRE(answer);
        CHECK(answer->status == 503);
        CHECK_FALSE(answer->header("Retry-After").empty());
        ++codes[code_of(*answer)];
    }
    CHECK(codes["db.pool_exhausted"] > 0);
    CHECK(codes["db.pool_exhausted"] + codes["db.unavailable"] == 12);
    REQUIRE(afterwards);
    CHECK(afterwards->status == 201);
}
