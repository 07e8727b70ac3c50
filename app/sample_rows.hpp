#pragma once
// Rows of what the people in the sample data buy, a field per column.

#include <bulkhead/shape.hpp>

namespace bulkhead::app::sample {

/// The columns of products; what they may hold is for the module that owns them to say.
struct ProductRow {
    Uuid id;
    Timestamp created_at{};
    Timestamp updated_at{};
    std::string sku;
    std::string name;
    std::string description;
    std::int64_t stock = 0;
    std::int64_t price = 0;
    std::string currency;

    static auto fields() {
        return shape(field("id", &ProductRow::id), field("created_at", &ProductRow::created_at),
                     field("updated_at", &ProductRow::updated_at), field("sku", &ProductRow::sku),
                     field("name", &ProductRow::name),
                     field("description", &ProductRow::description),
                     field("stock", &ProductRow::stock), field("price", &ProductRow::price),
                     field("currency", &ProductRow::currency));
    }
};

struct OrderRow {
    Uuid id;
    Uuid customer_id;
    std::string status;
    std::int64_t total = 0;
    std::string currency;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("id", &OrderRow::id), field("customer_id", &OrderRow::customer_id),
                     field("status", &OrderRow::status), field("total", &OrderRow::total),
                     field("currency", &OrderRow::currency),
                     field("created_at", &OrderRow::created_at),
                     field("updated_at", &OrderRow::updated_at));
    }
};

struct ItemRow {
    Uuid order_id;
    std::int64_t position = 0;
    Uuid product_id;
    std::int64_t quantity = 0;
    std::int64_t unit_price = 0;

    static auto fields() {
        return shape(field("order_id", &ItemRow::order_id), field("position", &ItemRow::position),
                     field("product_id", &ItemRow::product_id),
                     field("quantity", &ItemRow::quantity),
                     field("unit_price", &ItemRow::unit_price));
    }
};

}  // namespace bulkhead::app::sample
