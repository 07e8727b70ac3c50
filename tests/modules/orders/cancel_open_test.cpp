// What becomes of the orders of a user who is deactivated.

#include "tests/modules/orders/catalogue.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::test;

namespace {

struct Shop {
    TestApp app{"users", "auth", "orders"};
    Client ada = app.sign_in("ada");
    Client bob = app.sign_in("bob");
    Client admin = app.sign_in("admin", {"users:admin"});
    std::string anchor = add_product(app, {.name = "Anchor", .stock = 10});
    std::string bell = add_product(app, {.name = "Bell", .stock = 10});

    void place(const Client& customer, std::initializer_list<std::string> items) {
        REQUIRE(customer.post("/orders", order_of(items)).status == 201);
    }
    void deactivate(const Client& user) {
        REQUIRE(admin.post("/users/" + user.user_id + "/deactivate", "").status == 200);
    }
};

}  // namespace

TEST_CASE("orders: a deactivated user's open orders are cancelled and their stock comes back") {
    Shop shop;
    shop.place(shop.ada, {item(shop.anchor, "3"), item(shop.bell, "1")});
    shop.place(shop.ada, {item(shop.anchor, "2")});
    shop.place(shop.bob, {item(shop.anchor, "4")});

    shop.deactivate(shop.ada);
    shop.app.deliver_events();

    CHECK(stock_of(shop.app, shop.anchor) == 6);
    CHECK(stock_of(shop.app, shop.bell) == 10);
    CHECK(shop.app.count("orders where status = 'cancelled'") == 2);
    CHECK(shop.app.count("event_deliveries") == 0);
    const auto hers = shop.ada.get("/orders");
    CHECK(hers.data().at(0).at("status") == "cancelled");
    CHECK(shop.bob.get("/orders").data().at(0).at("status") == "placed");
}

TEST_CASE("orders: an event that comes twice restores the stock once") {
    Shop shop;
    shop.place(shop.ada, {item(shop.anchor, "3")});
    shop.deactivate(shop.ada);
    shop.app.deliver_events();

    shop.app.execute("update users set active = true");
    shop.deactivate(shop.ada);
    shop.app.deliver_events();

    CHECK(stock_of(shop.app, shop.anchor) == 10);
    CHECK(shop.app.count("orders where status = 'cancelled'") == 1);
}

TEST_CASE("orders: a deactivated user's token buys nothing any more") {
    Shop shop;
    shop.deactivate(shop.ada);

    const auto response = shop.ada.post("/orders", order_of({item(shop.anchor)}));

    CHECK(response.error_code == "orders.inactive_customer");
    CHECK(stock_of(shop.app, shop.anchor) == 10);
}

TEST_CASE("orders: /metrics tells how the subscription stands") {
    Shop shop;
    shop.deactivate(shop.ada);
    shop.app.deliver_events();

    bulkhead::Request request{};
    request.method = "GET";
    request.path = "/metrics";
    const auto metrics = shop.app.application().answer(request).body;

    CHECK_THAT(metrics,
               Catch::Contains("bulkhead_events_pending{subscription=\"orders.cancel_open\"} 0") &&
                   Catch::Contains("bulkhead_events_dead{subscription=\"orders.cancel_open\"} 0") &&
                   Catch::Contains("bulkhead_events_failed_total"));
}
