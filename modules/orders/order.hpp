#pragma once
// What was bought, at the prices of that moment.

#include "product.hpp"

#include <users/api/directory.hpp>

namespace orders {

using OrderId = Id<struct OrderTag>;

enum class OrderStatus : std::uint8_t { placed, cancelled };
constexpr std::array<std::string_view, 2> names(OrderStatus) {
    return {"placed", "cancelled"};
}

struct OrderItem {
    ProductId product_id;
    std::int32_t quantity = 0;
    std::int64_t unit_price = 0;

    static auto fields() {
        return shape(field("product_id", &OrderItem::product_id),
                     field("quantity", &OrderItem::quantity),
                     field("unit_price", &OrderItem::unit_price,
                           described("In minor units, when the order was placed.")));
    }
};

struct Order {
    OrderId id;
    users::UserId customer_id;
    OrderStatus status = OrderStatus::placed;
    std::vector<OrderItem> items;
    std::int64_t total = 0;
    std::string currency;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(
            field("id", &Order::id), field("customer_id", &Order::customer_id),
            field("status", &Order::status), field("items", &Order::items),
            field("total", &Order::total, described("In minor units of the currency: cents.")),
            field("currency", &Order::currency, length(3, 3), described("ISO 4217.")),
            field("created_at", &Order::created_at), field("updated_at", &Order::updated_at));
    }
};

/// Where a page of orders ends.
struct OrderKey {
    Timestamp created_at{};
    OrderId id;

    static auto fields() {
        return shape(field("created_at", &OrderKey::created_at), field("id", &OrderKey::id));
    }
};

}  // namespace orders
