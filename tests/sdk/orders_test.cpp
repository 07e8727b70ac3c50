// Tests as a team writes them beside its module; compiled against the installed SDK only.

#include "repository.hpp"

#include <bulkhead/test/test_app.hpp>
#include <bulkhead/test/test_database.hpp>

#include <catch2/catch.hpp>

using namespace bulkhead::test;

TEST_CASE("the catalogue is open, orders are their owner's") {
    TestApp app{"users", "auth", "orders"};

    const auto ada = app.sign_in("ada", {"orders:read"});

    CHECK(app.get("/products").status == 200);
    CHECK(app.get("/orders").status == 401);
    CHECK(ada.get("/orders").status == 200);
    CHECK(app.count("orders") == 0);
}

TEST_CASE("an unknown order is not found") {
    TestDatabase database{schema_of(bulkhead::module_migrations())};

    const auto found = database.read([](bulkhead::db::Session& sql) {
        return orders::repository::find_order(sql, users::UserId::fresh(),
                                              orders::OrderId::fresh());
    });

    CHECK_FALSE(found);
}
