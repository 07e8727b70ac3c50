#pragma once
// Taking what an order wants out of the stock.

#include "order.hpp"
#include "place_order.hpp"

namespace orders {

/// Items with their prices, all of one currency.
struct Taken {
    std::vector<OrderItem> items;  ///< in the order in which they were wanted
    std::string currency;
};

/// Takes every wanted item, or refuses, naming each one that cannot be had: "orders.out_of_stock",
/// "orders.unknown_product", "orders.mixed_currencies". After a refusal some are taken: roll back.
Result<Taken> take_stock(db::Session& sql, const std::vector<WantedItem>& wanted, Timestamp at);

/// Refuses "orders.repeated_product".
Result<> refuse_repetition(const std::vector<WantedItem>& wanted);

}  // namespace orders
