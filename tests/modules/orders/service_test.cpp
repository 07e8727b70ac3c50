#include "modules/orders/service.hpp"

#include "db/pool.hpp"
#include "support/schema_of.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace orders;
using bulkhead::test::schema_of;
using bulkhead::test::TestDatabase;

namespace {

/// Knows one active user and remembers who asked in which session.
class StandInDirectory final : public users::Directory {
public:
    users::UserId active = users::UserId::fresh();
    db::Session* asked_in = nullptr;

    Result<users::User> add(db::Session&, users::NewUser) override {
        return Error::conflict("test.unused", "");
    }
    std::optional<users::User> find(db::Session&, users::UserId) override { return {}; }
    std::optional<users::User> find_by_email(db::Session&, std::string_view) override { return {}; }
    bool is_active(db::Session& sql, users::UserId id) override {
        asked_in = &sql;
        return sql.one<users::UserId>("select :id as id", {{"id", id}}) == active;
    }
};

struct Fixture {
    TestDatabase test{schema_of("orders")};
    StandInDirectory directory;
    Service service{test.database(), directory};

    /// What `work` costs once its statements are known.
    template <class Work>
    db::PoolStatistics cost_of(Work&& work) {
        work();
        const auto before = test.pool().statistics();
        work();
        auto after = test.pool().statistics();
        after.round_trips -= before.round_trips;
        after.queries -= before.queries;
        return after;
    }

    ProductId add(std::int64_t stock, std::string_view currency = "EUR") {
        const auto id = ProductId::fresh();
        test.write(
            "insert into products"
            " (id, sku, name, description, price, currency, stock, created_at, updated_at)"
            " values (:id, :id, 'Anchor', '', 250, :currency, :stock, :at, :at)",
            {{"id", id}, {"currency", currency}, {"stock", stock}, {"at", now()}});
        return id;
    }
};

}  // namespace

TEST_CASE("orders service: the customer is checked in the order's own transaction") {
    Fixture f;
    const auto product = f.add(1);

    const auto placed = f.test.database().transaction([&](db::Session& sql) -> Result<Order> {
        auto order = f.service.place(f.directory.active, {{{product, 1}}});
        CHECK(f.directory.asked_in == &sql);
        return order;
    });

    REQUIRE(placed);
    CHECK(placed->total == 250);
}

TEST_CASE("orders service: a customer that users does not vouch for buys nothing") {
    Fixture f;
    const auto product = f.add(1);

    const auto placed = f.service.place(users::UserId::fresh(), {{{product, 1}}});

    REQUIRE_FALSE(placed);
    CHECK(placed.error().code == "orders.inactive_customer");
    CHECK(f.test.count("products where stock = 1") == 1);
}

TEST_CASE("orders service: repetition is refused before anybody asks the database") {
    Fixture f;
    const auto product = f.add(1);

    const auto placed = f.service.place(f.directory.active, {{{product, 1}, {product, 1}}});

    REQUIRE_FALSE(placed);
    CHECK(placed.error().code == "orders.repeated_product");
    CHECK(f.directory.asked_in == nullptr);
}

TEST_CASE("orders service: when a product is unknown, that is said before what is short") {
    Fixture f;
    const auto sold_out = f.add(0);

    const auto placed =
        f.service.place(f.directory.active, {{{sold_out, 1}, {ProductId::fresh(), 1}}});

    REQUIRE_FALSE(placed);
    CHECK(placed.error().code == "orders.unknown_product");
    REQUIRE(placed.error().violations.size() == 1);
    CHECK(placed.error().violations.front().field == "items[1].product_id");
}

TEST_CASE("orders service: an order keeps the time and the prices of its moment") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    Fixture f;
    const auto product = f.add(5);
    const auto placed = f.service.place(f.directory.active, {{{product, 2}}});
    REQUIRE(placed);

    f.test.write("update products set price = 9");
    clock.advance(std::chrono::hours(1));
    const auto found =
        f.test.read([&](db::Session&) { return f.service.find(f.directory.active, placed->id); });

    REQUIRE(found);
    CHECK(to_text(found->created_at) == "2026-11-20T10:00:00.000000Z");
    CHECK(found->total == 500);
    REQUIRE(found->items.size() == 1);
    CHECK(found->items.front().unit_price == 250);
}

TEST_CASE("orders service: cancelling what is open restores the stock, and again changes nothing") {
    Fixture f;
    const auto product = f.add(5);
    const auto placed = f.service.place(f.directory.active, {{{product, 2}}});
    REQUIRE(placed);

    REQUIRE(f.service.cancel_open(users::UserId::fresh()));
    CHECK(f.test.count("products where stock = 3") == 1);
    REQUIRE(f.service.cancel_open(f.directory.active));
    REQUIRE(f.service.cancel_open(f.directory.active));

    CHECK(f.test.count("products where stock = 5") == 1);
    CHECK(f.test.read([&](db::Session&) { return f.service.find(f.directory.active, placed->id); })
              ->status == OrderStatus::cancelled);
}

TEST_CASE("orders service: an order of three lines is three round trips, and no loop of queries") {
    Fixture f;
    const PlaceOrder wanted{{{f.add(9), 1}, {f.add(9), 2}, {f.add(9), 1}}};

    const auto cost = f.cost_of([&] { REQUIRE(f.service.place(f.directory.active, wanted)); });

    CHECK(cost.round_trips == (bulkhead::test::on_postgresql() ? 3 : 0));
    CHECK(f.test.count("order_items") == 6);
    CHECK(f.test.count("products where stock = 5") == 1);
}

TEST_CASE("orders service: cancelling many orders costs as much as cancelling one") {
    Fixture f;
    const auto anchor = f.add(99);
    const auto bell = f.add(99);
    const auto cost = f.cost_of([&] {
        for (int order = 0; order < 5; ++order)
            REQUIRE(f.service.place(f.directory.active, {{{anchor, 2}, {bell, 1}}}));
        const auto before = f.test.pool().statistics().queries;

        REQUIRE(f.service.cancel_open(f.directory.active));

        CHECK(f.test.pool().statistics().queries - before == 2);
    });

    CHECK(cost.round_trips == (bulkhead::test::on_postgresql() ? 5 * 3 + 3 : 0));
    CHECK(f.test.count("products where stock = 99") == 2);
}
