#pragma once
// What is for sale.

#include <bulkhead/core.hpp>

namespace orders {

using namespace bulkhead;  // The SDK's words stand unqualified in this module.

using ProductId = Id<struct ProductTag>;

struct Product {
    ProductId id;
    std::string sku;
    std::string name;
    std::string description;
    std::int64_t price = 0;
    std::string currency;
    std::int64_t stock = 0;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(
            field("id", &Product::id), field("sku", &Product::sku, length(1, 64)),
            field("name", &Product::name, length(1, 200)),
            field("description", &Product::description),
            field("price", &Product::price, described("In minor units of the currency: cents.")),
            field("currency", &Product::currency, length(3, 3), described("ISO 4217.")),
            field("stock", &Product::stock, described("Pieces that can be ordered now.")),
            field("created_at", &Product::created_at), field("updated_at", &Product::updated_at));
    }
};

/// Where a page of the catalogue ends.
struct ProductKey {
    std::string name;
    ProductId id;

    static auto fields() {
        return shape(field("name", &ProductKey::name), field("id", &ProductKey::id));
    }
};

}  // namespace orders
