#pragma once
// The SQL of products and orders; the caller owns the transaction.

#include "order.hpp"
#include "place_order.hpp"

namespace orders::repository {

/// What a piece costs at the moment it is taken.
struct Price {
    ProductId id;  ///< of the product
    std::int64_t price = 0;
    std::string currency;

    static auto fields() {
        return shape(field("id", &Price::id), field("price", &Price::price),
                     field("currency", &Price::currency));
    }
};

/// By name. `after` is where the page before ended; at most `rows`.
std::vector<Product> list_products(db::Session& sql, const std::optional<ProductKey>& after,
                                   std::int32_t rows);
std::optional<Product> find_product(db::Session& sql, ProductId id);

/// Takes pieces out of the stock, by one statement that locks products in the order of `wanted`.
/// Those of which there are too few stay as they are, and no price of theirs is returned.
std::vector<Price> take(db::Session& sql, const std::vector<WantedItem>& wanted, Timestamp at);

void put_back(db::Session& sql, ProductId id, std::int64_t quantity, Timestamp at);

/// With the next statement or the commit.
void insert(db::Session& sql, const Order& order);
/// The placed orders of one customer become cancelled; which ones these were.
std::vector<OrderId> cancel_open(db::Session& sql, users::UserId customer, Timestamp at);
std::vector<OrderItem> items_of(db::Session& sql, OrderId order);

/// One customer's orders with their items, newest first, in two statements whatever `rows` is.
std::vector<Order> list_orders(db::Session& sql, users::UserId customer,
                               const std::optional<OrderKey>& after, std::int32_t rows);
std::optional<Order> find_order(db::Session& sql, users::UserId customer, OrderId id);

}  // namespace orders::repository
