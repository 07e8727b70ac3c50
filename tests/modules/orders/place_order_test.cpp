// POST /orders.

#include "support/broken_inserts.hpp"
#include "tests/modules/orders/catalogue.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <latch>
#include <random>
#include <regex>
#include <thread>

using namespace bulkhead::test;

namespace {

struct Shop {
    TestApp app{"users", "auth", "orders"};
    Client ada = app.sign_in("ada");

    std::int64_t rows() { return app.count("orders") + app.count("order_items"); }
};

bool statements_failed(TestApp& app) {
    bulkhead::Request request{};
    request.method = "GET";
    request.path = "/metrics";
    const auto metrics = app.application().answer(request).body;
    return std::regex_search(metrics, std::regex(R"(statement_failures_total\{[^}]*\} [1-9])"));
}

}  // namespace

TEST_CASE("orders: an order takes the stock, adds up the total and says where it is") {
    Shop shop;
    const auto anchor = add_product(shop.app, {.name = "Anchor", .price = 1999, .stock = 10});
    const auto bell = add_product(shop.app, {.name = "Bell", .price = 250, .stock = 4});

    const auto response = shop.ada.post("/orders", order_of({item(bell, "4"), item(anchor, "2")}));

    REQUIRE(response.status == 201);
    const auto& order = response.data();
    CHECK(response.header("Location") ==
          "/api/v1/orders/" + std::string(order.at("id").as_string().c_str()));
    CHECK(order.at("customer_id").as_string() == shop.ada.user_id);
    CHECK(order.at("status") == "placed");
    CHECK(order.at("total") == 4 * 250 + 2 * 1999);
    CHECK(order.at("currency") == "EUR");
    REQUIRE(order.at("items").as_array().size() == 2);
    CHECK(order.at("items").at(0).at("product_id").as_string() == bell);
    CHECK(order.at("items").at(0).at("unit_price") == 250);
    CHECK(order.at("items").at(1).at("quantity") == 2);
    CHECK(stock_of(shop.app, anchor) == 8);
    CHECK(stock_of(shop.app, bell) == 0);
    CHECK(shop.ada.get("/orders/" + std::string(order.at("id").as_string())).data() == order);
}

TEST_CASE("orders: beyond the stock nothing is ordered and nothing is taken") {
    Shop shop;
    const auto anchor = add_product(shop.app, {.stock = 10});
    const auto bell = add_product(shop.app, {.name = "Bell", .stock = 3});
    const auto sold_out = add_product(shop.app, {.name = "Chain", .stock = 0});

    const auto response =
        shop.ada.post("/orders", order_of({item(sold_out), item(anchor, "10"), item(bell, "4")}));

    CHECK(response.status == 409);
    CHECK(response.error_code == "orders.out_of_stock");
    REQUIRE(response.details().size() == 2);
    CHECK(response.details()[0].at("field") == "items[0].quantity");
    CHECK(response.details()[0].at("message") == "none is available");
    CHECK(response.details()[1].at("field") == "items[2].quantity");
    CHECK(response.details()[1].at("code") == "stock");
    CHECK(response.details()[1].at("message") == "only 3 available");
    CHECK(stock_of(shop.app, anchor) == 10);
    CHECK(stock_of(shop.app, bell) == 3);
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: a product that does not exist is named, and nothing is taken") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    const auto unknown = bulkhead::Uuid::fresh().to_text();

    const auto response = shop.ada.post("/orders", order_of({item(anchor), item(unknown)}));

    CHECK(response.status == 422);
    CHECK(response.error_code == "orders.unknown_product");
    CHECK(response.problem_field == "items[1].product_id");
    CHECK(stock_of(shop.app, anchor) == 10);
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: a product stands in an order only once") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    const auto bell = add_product(shop.app, {.name = "Bell"});

    const auto response =
        shop.ada.post("/orders", order_of({item(anchor), item(bell), item(anchor)}));

    CHECK(response.status == 422);
    CHECK(response.error_code == "orders.repeated_product");
    CHECK(response.problem_field == "items[2].product_id");
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: an order has one currency") {
    Shop shop;
    const auto euros = add_product(shop.app);
    const auto crowns = add_product(shop.app, {.name = "Bell", .currency = "SEK"});

    const auto response = shop.ada.post("/orders", order_of({item(euros), item(crowns)}));

    CHECK(response.status == 422);
    CHECK(response.error_code == "orders.mixed_currencies");
    CHECK(response.problem_field == "items[1].product_id");
    CHECK(stock_of(shop.app, euros) == 10);
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: a total that no number holds is refused") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    Shop shop;
    const auto dear = add_product(shop.app, {.price = most});
    const auto half = add_product(shop.app, {.name = "Half", .price = most / 2 + 1});
    const auto other_half = add_product(shop.app, {.name = "Other", .price = most / 2 + 1});
    const std::vector<std::string> cases{order_of({item(dear, "2")}),
                                         order_of({item(half), item(other_half)})};

    for (const auto& body : cases) {
        const auto response = shop.ada.post("/orders", body);

        CHECK(response.status == 422);
        CHECK(response.error_code == "orders.total_too_large");
        CHECK(shop.rows() == 0);
    }
    CHECK(shop.ada.post("/orders", order_of({item(dear)})).data().at("total") == most);
}

TEST_CASE("orders: an inactive customer, or one whose account is gone, buys nothing") {
    const auto* change = GENERATE("update users set active = false", "delete from users");
    Shop shop;
    const auto anchor = add_product(shop.app);
    shop.app.execute(change);

    const auto response = shop.ada.post("/orders", order_of({item(anchor)}));

    CHECK(response.status == 409);
    CHECK(response.error_code == "orders.inactive_customer");
    CHECK(stock_of(shop.app, anchor) == 10);
}

TEST_CASE("orders: an order outside its limits is refused, naming the field") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    const auto bell = add_product(shop.app, {.name = "Bell"});
    const std::vector<std::pair<std::string, std::string>> cases{
        {order_of({item(anchor, "0")}), "items[0].quantity"},
        {order_of({item(anchor), item(bell, "-1")}), "items[1].quantity"},
        {order_of({item(anchor, "1000")}), "items[0].quantity"},
        {order_of({item(anchor, "2147483648")}), "items[0].quantity"},
        {order_of({item(anchor, "9223372036854775808")}), "items[0].quantity"},
        {order_of({item(anchor, "18446744073709551617")}), "items[0].quantity"},
        {order_of({item(anchor, "1e300")}), "items[0].quantity"},
        {order_of({item(anchor, "1.5")}), "items[0].quantity"},
        {order_of({item(anchor, "\"1\"")}), "items[0].quantity"},
        {order_of({item(anchor, "true")}), "items[0].quantity"},
        {order_of({item(anchor, "null")}), "items[0].quantity"},
        {order_of({item(anchor, "[1]")}), "items[0].quantity"},
        {order_of({item("anchor")}), "items[0].product_id"},
        {order_of({item("")}), "items[0].product_id"},
        {R"({"items": [{"product_id": 7, "quantity": 1}]})", "items[0].product_id"},
        {R"({"items": [{"quantity": 1}]})", "items[0].product_id"},
        {R"({"items": [{"product_id": ")" + anchor + R"("}]})", "items[0].quantity"},
        {order_of({item(anchor, "1, \"price\": 1")}), "items[0].price"},
        {R"({"items": []})", "items"},
        {R"({"items": null})", "items"},
        {R"({"items": {}})", "items"},
        {R"({"items": [1]})", "items[0]"},
        {R"({})", "items"},
        {R"({"items": [)" + item(anchor) + R"(], "total": 1})", "total"},
    };

    for (const auto& [body, field] : cases) {
        INFO(body);

        const auto response = shop.ada.post("/orders", body);

        CHECK(response.status == 422);
        CHECK(response.error_code == "http.invalid");
        CHECK(response.problem_field == field);
        CHECK(stock_of(shop.app, anchor) == 10);
        CHECK(shop.rows() == 0);
    }
}

TEST_CASE("orders: a body that is no JSON is refused, and nothing is written") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    const std::vector<std::string> cases{std::string("{"),
                                         std::string("nonsense"),
                                         order_of({item(anchor)}) + "x",
                                         R"({"items": [], "items": [)" + item(anchor) + "]}",
                                         order_of({item(anchor, "1, \"quantity\": 2")}),
                                         order_of({item(anchor + "\xff")}),
                                         order_of({item(anchor, "01")}),
                                         order_of({item(anchor, "NaN")}),
                                         std::string(100000, '['),
                                         std::string("{\"items\": \"\xed\xa0\x80\"}"),
                                         std::string(1, '\0')};

    for (const auto& body : cases) {
        const auto response = shop.ada.post("/orders", body);

        CHECK(response.status == 400);
        CHECK(response.error_code == "http.malformed_json");
        CHECK(shop.rows() == 0);
    }
}

TEST_CASE("orders: a list of ten thousand items is refused as too long") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    std::string body = R"({"items": [)" + item(anchor);
    for (int number = 1; number < 10000; ++number)
        body += "," + item(anchor);

    const auto response = shop.ada.post("/orders", body + "]}");

    CHECK(response.status == 422);
    CHECK(response.problem_field == "items");
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: fifty items are an order, fifty-one are none") {
    Shop shop;
    std::string items;
    for (int number = 0; number < 50; ++number)
        items.append(items.empty() ? "" : ",").append(item(add_product(shop.app, {.price = 1})));

    const auto most = shop.ada.post("/orders", R"({"items": [)" + items + "]}");
    const auto more = shop.ada.post(
        "/orders", R"({"items": [)" + items + "," + item(add_product(shop.app)) + "]}");

    CHECK(most.status == 201);
    CHECK(most.data().at("total") == 50);
    CHECK(more.status == 422);
    CHECK(more.problem_field == "items");
}

TEST_CASE("orders: of 64 clients who race for the last 10 pieces, exactly 10 buy one") {
    constexpr int buyers = 64;
    constexpr int pieces = 10;
    Shop shop;
    const auto anchor = add_product(shop.app, {.stock = pieces});
    const auto bell = add_product(shop.app, {.name = "Bell", .stock = 100});
    // Half of them name the products in the other order: nobody waits for anybody for ever.
    const auto forth = order_of({item(anchor), item(bell)});
    const auto back = order_of({item(bell), item(anchor)});
    std::latch together(buyers);
    std::atomic<int> placed = 0;
    std::atomic<int> out_of_stock = 0;

    {
        std::vector<std::jthread> threads;
        for (int buyer = 0; buyer < buyers; ++buyer)
            threads.emplace_back([&, buyer] {
                together.arrive_and_wait();
                const auto response = shop.ada.post("/orders", buyer % 2 == 0 ? forth : back);
                placed += response.status == 201 ? 1 : 0;
                out_of_stock += response.error_code == "orders.out_of_stock" ? 1 : 0;
            });
    }

    CHECK(placed == pieces);
    CHECK(out_of_stock == buyers - pieces);
    CHECK(stock_of(shop.app, anchor) == 0);
    CHECK(stock_of(shop.app, bell) == 100 - pieces);
    CHECK(shop.app.count("orders") == pieces);
    CHECK(shop.app.count("order_items where quantity = 1") == 2 * pieces);
}

TEST_CASE("orders: those who buy the same products in any order never lock each other out") {
    constexpr int buyers = 8;
    Shop shop;
    std::vector<std::string> items;
    for (int product = 0; product < 12; ++product)
        items.push_back(item(add_product(shop.app, {.stock = 1'000})));
    std::atomic<int> placed = 0;

    {
        std::vector<std::jthread> threads;
        for (int buyer = 0; buyer < buyers; ++buyer)
            threads.emplace_back([&, buyer] {
                std::minstd_rand random(static_cast<unsigned>(buyer + 1));
                auto wanted = items;
                for (int order = 0; order < 8; ++order) {
                    std::ranges::shuffle(wanted, random);
                    placed += shop.ada.post("/orders", order_of({wanted[0], wanted[1], wanted[2],
                                                                 wanted[3], wanted[4], wanted[5]}))
                                          .status == 201
                                  ? 1
                                  : 0;
                }
            });
    }

    CHECK(placed == buyers * 8);
    CHECK_FALSE(statements_failed(shop.app));
}

TEST_CASE("orders: a fault half-way leaves no order and gives the stock back") {
    Shop shop;
    const auto anchor = add_product(shop.app);
    const BrokenInserts fault(shop.app, "order_items");

    const auto response = shop.ada.post("/orders", order_of({item(anchor)}));

    CHECK(response.status == 500);
    CHECK(response.error_code == "http.internal");
    CHECK(stock_of(shop.app, anchor) == 10);
    CHECK(shop.rows() == 0);
}

TEST_CASE("orders: placing an order needs a caller with its scope") {
    Shop shop;
    const auto body = order_of({item(add_product(shop.app))});
    const auto reader = shop.app.sign_in("ada", {"orders:read"});

    const auto nobody = shop.app.post("/orders", body);
    const auto without_scope = reader.post("/orders", body);

    CHECK(nobody.status == 401);
    CHECK(nobody.header("WWW-Authenticate").has_value());
    CHECK(without_scope.status == 403);
    CHECK(shop.rows() == 0);
}
