#pragma once
// Products for tests, put straight into the table.

#include "support/test_app.hpp"

namespace bulkhead::test {

struct TestProduct {
    std::string name = "Anchor";
    std::int64_t price = 1'000;
    std::string currency = "EUR";
    std::int64_t stock = 10;
};

/// Returns the id.
inline std::string add_product(TestApp& app, const TestProduct& product = {}) {
    const auto id = Uuid::fresh();
    app.execute(
        "insert into products"
        " (id, sku, name, description, price, currency, stock, created_at, updated_at)"
        " values (:id, :sku, :name, '', :price, :currency, :stock, :at, :at)",
        {{"id", id},
         {"sku", id.to_text()},
         {"name", product.name},
         {"price", product.price},
         {"currency", product.currency},
         {"stock", product.stock},
         {"at", now()}});
    return id.to_text();
}

inline std::int64_t stock_of(TestApp& app, const std::string& product) {
    return app.value<std::int64_t>("select stock from products where id = :id", {{"id", product}});
}

/// `{"product_id": "...", "quantity": 2}`; the quantity is any JSON.
inline std::string item(const std::string& product, const std::string& quantity = "1") {
    return R"({"product_id": ")" + product + R"(", "quantity": )" + quantity + "}";
}

inline std::string order_of(std::initializer_list<std::string> items) {
    std::string text;
    for (const auto& each : items)
        text.append(text.empty() ? "" : ", ").append(each);
    return R"({"items": [)" + text + "]}";
}

}  // namespace bulkhead::test
