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

/// What of the catalogue somebody wants to see; whatever is absent does not matter.
struct ProductFilter {
    std::optional<std::string> q{};
    std::optional<std::int64_t> min_price{};
    std::optional<std::int64_t> max_price{};
    std::optional<std::string> currency{};
    std::optional<bool> in_stock{};

    bool is_empty() const { return !min_price && !max_price && !currency && !in_stock; }

    static auto fields() {
        return shape(
            field("q", &ProductFilter::q, length(0, 200),
                  described("Words that a product must have in its name, sku or description, the "
                            "last one as a beginning. The best match is first then.")),
            field("min_price", &ProductFilter::min_price, described("In minor units, inclusive.")),
            field("max_price", &ProductFilter::max_price, described("In minor units, inclusive.")),
            field("currency", &ProductFilter::currency, length(3, 3), described("ISO 4217.")),
            field("in_stock", &ProductFilter::in_stock,
                  described("true: only what can be ordered now; false: only what cannot.")));
    }
};

/// How well a product fits the words, the more the better: where a page of a search ends.
struct ProductRank {
    ProductId id;
    std::int64_t score = 0;

    static auto fields() {
        return shape(field("id", &ProductRank::id), field("score", &ProductRank::score));
    }
};

}  // namespace orders
