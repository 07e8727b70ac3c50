// What was acknowledged is there, once and whole, whatever process is killed meanwhile.

#include "support/postgres_server.hpp"
#include "support/running_server.hpp"
#include "support/scale.hpp"
#include "support/shop_floor.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace {

constexpr int clients = 8;
constexpr int orders_between_kills = 40;

/// A server that is killed whole, supervisor and worker, and started again on the same port.
class Shop {
public:
    explicit Shop(std::string url) : url_(std::move(url)), deployment_(setup()) {
        for (const auto& command : {std::vector<std::string>{"migrate", "up"}, {"seed"}})
            if (const auto ended = deployment_.run(command); ended.status != 0)
                throw std::runtime_error(ended.errors);
        floor().fill();
        start();
    }

    void kill() { process_.reset(); }
    void start() {
        process_.emplace(BULKHEAD_PROGRAM,
                         std::vector<std::string>{"serve", "--config", deployment_.config()});
        port_ = port_in(process_->wait_for_line(R"("message":"listening")"));
        process_->wait_for_line("generation ready");
        deployment_.configure(setup());
    }
    /// In its own time; the database is nobody's then.
    void stop() {
        process_->signal(SIGTERM);
        process_->wait();
    }
    std::uint16_t port() const { return port_; }
    ShopFloor floor() const { return {url_, deployment_.folder()}; }

private:
    ServerSetup setup() const {
        return {.listen = "127.0.0.1:" + std::to_string(port_), .database_url = url_};
    }

    std::string url_;
    std::uint16_t port_ = 0;
    Deployment deployment_;
    std::optional<Process> process_;
};

void check_books(Shop& shop, Shoppers& shoppers, int kills) {
    shoppers.stop();
    shop.stop();
    const auto acknowledged = shoppers.acknowledged();
    auto floor = shop.floor();

    CHECK(shoppers.complaints().empty());
    CHECK(acknowledged.size() > static_cast<std::size_t>(kills) * orders_between_kills);
    CHECK(std::set(acknowledged.begin(), acknowledged.end()) == floor.orders());
    CHECK(floor.number("select count(*) from orders") ==
          static_cast<std::int64_t>(acknowledged.size()));
    CHECK(floor.discrepancies().empty());
}

// A commit that a dead server had sent may still be on its way.
void wait_for_end_of_sessions(const PostgresServer& postgres) {
    constexpr auto* sessions =
        "select count(*) from pg_stat_activity where application_name = 'bulkhead'";
    for (int looks = 0; postgres.ask(sessions) != "0"; ++looks)
        REQUIRE(looks < 1'000);
}

}  // namespace

TEST_CASE("every acknowledged order exists exactly once, whatever kills the server on SQLite") {
    const int kills = at_scale(3, 20);
    Shop shop("sqlite://shop.db");
    Shoppers shoppers(shop.port(), clients, Silence::forgiven);

    for (int killed = 0; killed < kills; ++killed) {
        shoppers.wait_for_orders(orders_between_kills);
        shop.kill();
        shop.start();
    }
    shoppers.wait_for_orders(orders_between_kills);

    check_books(shop, shoppers, kills);
}

TEST_CASE("every acknowledged order exists exactly once, whatever kills the server on PostgreSQL") {
    const int kills = at_scale(3, 20);
    PostgresServer postgres;
    postgres.make_durable();
    Shop shop(postgres.url());
    Shoppers shoppers(shop.port(), clients, Silence::forgiven);

    for (int killed = 0; killed < kills; ++killed) {
        shoppers.wait_for_orders(orders_between_kills);
        const auto nobody_looks = shoppers.while_nobody_looks();
        shop.kill();
        wait_for_end_of_sessions(postgres);
        shop.start();
    }
    shoppers.wait_for_orders(orders_between_kills);

    check_books(shop, shoppers, kills);
}

TEST_CASE("every acknowledged order exists exactly once, whatever kills PostgreSQL") {
    const int kills = at_scale(3, 20);
    PostgresServer postgres;
    postgres.make_durable();
    Shop shop(postgres.url());
    Shoppers shoppers(shop.port(), clients, Silence::refused);

    for (int killed = 0; killed < kills; ++killed) {
        shoppers.wait_for_orders(orders_between_kills);
        postgres.kill();
        postgres.start();
    }
    shoppers.wait_for_orders(orders_between_kills);

    check_books(shop, shoppers, kills);
}
