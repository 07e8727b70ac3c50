// GET /orders and GET /orders/{id}.

#include "tests/modules/orders/catalogue.hpp"

#include "db/pool.hpp"

#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include <algorithm>

using namespace bulkhead::test;

namespace {

struct Shop {
    TestApp app{"users", "auth", "orders"};
    Client ada = app.sign_in("ada");
    Client bob = app.sign_in("bob");
    std::string anchor = add_product(app, {.stock = 1000});

    std::string place(const Client& client, int quantity = 1) {
        const auto response =
            client.post("/orders", order_of({item(anchor, std::to_string(quantity))}));
        REQUIRE(response.status == 201);
        return response.data().at("id").as_string().c_str();
    }
};

std::vector<std::string> ids_of(const Response& response) {
    std::vector<std::string> ids;
    for (const auto& order : response.data().as_array())
        ids.emplace_back(order.at("id").as_string().c_str());
    return ids;
}

}  // namespace

TEST_CASE("orders: a customer's list is whole, newest first and nobody else's") {
    bulkhead::StoppedClock clock(bulkhead::now());  // Orders of one microsecond have an order, too.
    Shop shop;
    std::vector<std::string> placed;
    for (int number = 0; number < 5; ++number) {
        placed.insert(placed.begin(), shop.place(shop.ada, number + 1));
        shop.place(shop.bob);
    }

    std::vector<std::string> listed;
    std::string cursor;
    int pages = 0;
    do {
        const auto page = shop.ada.get("/orders?limit=2" + cursor);
        REQUIRE(page.status == 200);
        CHECK(page.meta().at("limit") == 2);
        for (auto& id : ids_of(page))
            listed.push_back(id);
        const auto& next = page.meta().at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string().c_str());
        ++pages;
    } while (!cursor.empty());

    CHECK(listed == placed);
    CHECK(pages == 3);
}

TEST_CASE("orders: a new order does not shift the pages that follow") {
    Shop shop;
    const auto first = shop.place(shop.ada);
    const auto second = shop.place(shop.ada);

    const auto page = shop.ada.get("/orders?limit=1");
    shop.place(shop.ada);
    const auto next = shop.ada.get("/orders?limit=1&cursor=" +
                                   std::string(page.meta().at("next_cursor").as_string()));

    CHECK(ids_of(page) == std::vector{second});
    CHECK(ids_of(next) == std::vector{first});
    CHECK(next.meta().at("next_cursor").is_null());
}

TEST_CASE("orders: each listed order has its own items, in two statements for the page") {
    Shop shop;
    const auto bell = add_product(shop.app, {.name = "Bell", .price = 5, .stock = 100});
    for (int number = 1; number <= 4; ++number) {
        const auto body = order_of({item(bell, std::to_string(number)), item(shop.anchor, "1")});
        REQUIRE(shop.ada.post("/orders", body).status == 201);
    }

    const auto asked = [&] { return shop.app.generation().pool().statistics().queries; };

    auto response = shop.ada.get("/orders");
    auto queries = asked();
    for (int times = 0; times < 3; ++times) {  // One of them meets no look for due deliveries.
        const auto before = asked();
        response = shop.ada.get("/orders");
        queries = std::min(queries, asked() - before);
    }

    REQUIRE(response.data().as_array().size() == 4);
    for (std::size_t place = 0; place < 4; ++place) {
        const auto& items = response.data().at(place).at("items");
        REQUIRE(items.as_array().size() == 2);
        CHECK(items.at(0).at("product_id").as_string() == bell);
        CHECK(items.at(0).at("quantity") == 4 - place);
        CHECK(items.at(0).at("unit_price") == 5);
        CHECK(items.at(1).at("product_id").as_string() == shop.anchor);
    }
    CHECK(queries == 2);
}

TEST_CASE("orders: whoever has ordered nothing has an empty list") {
    Shop shop;

    const auto response = shop.ada.get("/orders");

    CHECK(response.status == 200);
    CHECK(response.data().as_array().empty());
    CHECK(response.meta().at("next_cursor").is_null());
}

TEST_CASE("orders: somebody else's order is not found, like one that never was") {
    Shop shop;
    const auto order = shop.place(shop.ada);

    for (const auto& id : {order, bulkhead::Uuid::fresh().to_text()}) {
        const auto response = shop.bob.get("/orders/" + id);

        CHECK(response.status == 404);
        CHECK(response.error_code == "orders.not_found");
    }
    CHECK(shop.bob.get("/orders/1").status == 404);
    CHECK(shop.ada.get("/orders/" + order).status == 200);
}

TEST_CASE("orders: a query that no list understands is refused") {
    Shop shop;
    const std::vector<std::string> cases{
        "limit=0",        "limit=101",  "limit=-1",      "limit=x",    "limit=",         "page=1",
        "cursor=rubbish", "cursor=e30", "cursor=bnVsbA", "colour=red", "limit=1&limit=2"};

    for (const auto& query : cases) {
        INFO(query);

        const auto response = shop.ada.get(std::string("/orders?") + query);

        CHECK(response.status == 400);
        CHECK(response.error_code.starts_with("http."));
    }
}

TEST_CASE("orders: the cursor of another list is refused") {
    Shop shop;
    add_product(shop.app, {.name = "Bell"});
    const auto page = shop.app.get("/products?limit=1");
    const std::string cursor = page.meta().at("next_cursor").as_string().c_str();

    const auto response = shop.ada.get("/orders?cursor=" + cursor);

    CHECK(response.status == 400);
    CHECK(response.error_code == "http.bad_cursor");
}
