#pragma once
// What a customer sends to buy something.

#include "product.hpp"

namespace orders {

struct WantedItem {
    ProductId product_id;
    std::int32_t quantity = 0;

    static auto fields() {
        return shape(field("product_id", &WantedItem::product_id),
                     field("quantity", &WantedItem::quantity, between(1, 999), example("1")));
    }
};

/// Each product at most once; all of them in one currency.
struct PlaceOrder {
    std::vector<WantedItem> items;

    static auto fields() {
        return shape(field("items", &PlaceOrder::items, bulkhead::items(1, 50)));
    }
};

}  // namespace orders
