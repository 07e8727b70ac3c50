#pragma once
// A row of the orders module's products.

#include <bulkhead/module.hpp>

namespace bench {

using namespace bulkhead;

struct Product {
    Uuid id;
    std::string sku;
    std::string name;
    std::string description;
    std::int64_t price = 0;
    std::string currency;
    std::int64_t stock = 0;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("id", &Product::id), field("sku", &Product::sku),
                     field("name", &Product::name), field("description", &Product::description),
                     field("price", &Product::price), field("currency", &Product::currency),
                     field("stock", &Product::stock), field("created_at", &Product::created_at),
                     field("updated_at", &Product::updated_at));
    }
};

}  // namespace bench
