// GET /products/{id} from memory.

#include "tests/modules/orders/catalogue.hpp"

#include "support/test_database.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace bulkhead::test;

namespace {

/// Of products; others look into the outbox at any time.
std::uint64_t queries(TestApp& app) {
    std::uint64_t runs = 0;
    for (const auto& statement : app.generation().pool().statistics().statements)
        if (statement.name.find("product") != std::string::npos)
            runs += statement.runs;
    return runs;
}

std::string metrics(TestApp& app) {
    bulkhead::Request request{};
    request.method = "GET";
    request.path = "/metrics";
    return app.application().answer(request).body;
}

std::int64_t shown_stock(TestApp& app, const std::string& product) {
    return app.get("/products/" + product).data().at("stock").as_int64();
}

}  // namespace

TEST_CASE("orders: 10,000 reads of one product cost the database less than 5 % of them") {
    TestApp app{"users", "orders"};
    const auto path = "/products/" + add_product(app);
    constexpr int readers = 8;
    constexpr int reads_each = 1'250;
    std::atomic<int> shown = 0;
    const auto before = queries(app);
    Threads threads;

    for (int reader = 0; reader < readers; ++reader)
        threads.start([&] {
            for (int read = 0; read < reads_each; ++read)
                shown += app.get(path).status == 200 ? 1 : 0;
        });
    threads.join();

    CHECK(shown == readers * reads_each);
    INFO(metrics(app));
    CHECK(queries(app) - before < readers * reads_each / 20);
    CHECK(queries(app) - before >= 1);
}

TEST_CASE("orders: a product shows its new stock at once after an order and after its end") {
    TestApp app{"users", "auth", "orders"};
    const auto product = add_product(app, {.stock = 5});
    const auto ada = app.sign_in("ada");
    CHECK(shown_stock(app, product) == 5);

    REQUIRE(ada.post("/orders", order_of({item(product, "2")})).status == 201);
    CHECK(shown_stock(app, product) == 3);
    const auto admin = app.sign_in("admin", {"users:admin"});
    REQUIRE(admin.post("/users/" + ada.user_id + "/deactivate", "").status == 200);
    app.deliver_events();

    CHECK(shown_stock(app, product) == 5);
}

TEST_CASE("orders: an order that is refused leaves what is known of a product") {
    TestApp app{"users", "auth", "orders"};
    const auto product = add_product(app, {.stock = 5});
    const auto ada = app.sign_in("ada");
    CHECK(shown_stock(app, product) == 5);

    CHECK(ada.post("/orders", order_of({item(product, "6")})).status == 409);
    const auto before = queries(app);

    CHECK(shown_stock(app, product) == 5);
    CHECK(queries(app) == before);
}

TEST_CASE("orders: what another process sold is seen after five seconds") {
    TestApp app{"users", "orders"};
    const auto product = add_product(app, {.stock = 5});
    CHECK(shown_stock(app, product) == 5);

    app.execute("update products set stock = 4");
    TestApp::age_caches(std::chrono::seconds(5));

    CHECK(shown_stock(app, product) == 4);
}

TEST_CASE("orders: the metrics tell how often a product was known") {
    TestApp app{"users", "orders"};
    const auto product = add_product(app);
    for (int read = 0; read < 4; ++read)
        shown_stock(app, product);

    const auto told = metrics(app);

    for (const auto* line :
         {"bulkhead_cache_reads_total{cache=\"orders.products\",result=\"hit\"} 3",
          "bulkhead_cache_reads_total{cache=\"orders.products\",result=\"miss\"} 1",
          "bulkhead_cache_reads_total{cache=\"orders.products\",result=\"waited\"} 0",
          "bulkhead_cache_entries{cache=\"orders.products\"} 1",
          "bulkhead_cache_evictions_total{cache=\"orders.products\"} 0",
          "bulkhead_cache_invalidations_total{cache=\"orders.products\"} 0"})
        CHECK_THAT(told, Catch::Contains(line));
}
