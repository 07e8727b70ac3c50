// GET /products and GET /products/{id}.

#include "tests/modules/orders/catalogue.hpp"

#include "db/migrate.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <fstream>

using namespace bulkhead::test;

namespace {

void seed(TestApp& app) {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/db/seeds/orders.sql");
    const std::string script{std::istreambuf_iterator<char>(file), {}};
    const auto done = bulkhead::db::run_script(app.generation().pool(), "orders", script);
    REQUIRE(done);
}

}  // namespace

TEST_CASE("orders: the catalogue is open to everyone, sorted by name, page by page") {
    TestApp app{"users", "orders"};
    add_product(app, {.name = "Zinc"});
    for (const auto* name : {"Bell", "Anchor", "Chain", "Anchor"})
        add_product(app, {.name = name});

    std::vector<std::string> names;
    std::string cursor;
    do {
        const auto page = app.get("/products?limit=2" + cursor);
        REQUIRE(page.status == 200);
        for (const auto& product : page.data().as_array())
            names.emplace_back(product.at("name").as_string().c_str());
        const auto& next = page.meta().at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string().c_str());
    } while (!cursor.empty());

    CHECK(names == std::vector<std::string>{"Anchor", "Anchor", "Bell", "Chain", "Zinc"});
}

TEST_CASE("orders: a product shows what it costs and how many there are") {
    TestApp app{"users", "orders"};
    const auto id = add_product(app, {.name = "Anchor", .price = 8990, .stock = 3});

    const auto response = app.get("/products/" + id);

    CHECK(response.status == 200);
    CHECK(response.data().at("id").as_string() == id);
    CHECK(response.data().at("name") == "Anchor");
    CHECK(response.data().at("price") == 8990);
    CHECK(response.data().at("currency") == "EUR");
    CHECK(response.data().at("stock") == 3);
}

TEST_CASE("orders: an unknown product is not found") {
    TestApp app{"users", "orders"};

    const auto response = app.get("/products/" + bulkhead::Uuid::fresh().to_text());

    CHECK(response.status == 404);
    CHECK(response.error_code == "orders.product_not_found");
}

TEST_CASE("orders: the catalogue only lists") {
    TestApp app{"users", "orders"};

    const auto response = Client(app).del("/products");

    CHECK(response.status == 405);
    CHECK_THAT(response.header("Allow").value_or(""), Catch::Contains("GET"));
}

TEST_CASE("orders: seeding again changes nothing, not even what was sold since") {
    TestApp app{"users", "orders"};
    seed(app);
    app.execute("update products set stock = stock - 1");
    const auto stock = app.value<std::int64_t>("select sum(stock) from products");

    seed(app);

    CHECK(app.count("products") == 12);
    CHECK(app.value<std::int64_t>("select sum(stock) from products") == stock);
    CHECK(app.get("/products?limit=100").data().as_array().size() == 12);
}

TEST_CASE("orders: without the module its routes are gone and its tables stay") {
    TestApp app{"users", "auth"};

    CHECK(app.get("/products").status == 404);
    CHECK(app.sign_in("ada").get("/orders").status == 404);
    CHECK(app.sign_in("ada").get("/users/me").status == 200);
}
