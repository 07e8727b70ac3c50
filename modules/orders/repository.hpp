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

/// By name, whatever `filter.q` is. `after` is where the page before ended; at most `rows`.
std::vector<Product> list_products(db::Session& sql, const ProductFilter& filter,
                                   const std::optional<ProductKey>& after, std::int32_t rows);
/// What has `words` (db::search_words), the best first, equals by id.
std::vector<ProductRank> search_products(db::Session& sql, const std::string& words,
                                         const ProductFilter& filter,
                                         const std::optional<ProductRank>& after,
                                         std::int32_t rows);
/// In the order of `ranks`; whatever is gone is left out.
std::vector<Product> products_of(db::Session& sql, const std::vector<ProductRank>& ranks);
std::optional<Product> find_product(db::Session& sql, ProductId id);

/// Takes pieces out of the stock, by one statement that locks products in the order of `wanted`.
/// Those of which there are too few stay as they are, and no price of theirs is returned.
std::vector<Price> take(db::Session& sql, const std::vector<WantedItem>& wanted, Timestamp at);

/// With the next statement or the commit.
void insert(db::Session& sql, const Order& order);
/// The placed orders of one customer become cancelled; which ones these were.
std::vector<OrderId> cancel_open(db::Session& sql, users::UserId customer, Timestamp at);
/// Puts the pieces of all these orders back into the stock, by one statement that locks products in
/// the order of their ids; which products these are.
std::vector<ProductId> put_back(db::Session& sql, const std::vector<OrderId>& orders, Timestamp at);

/// One customer's orders with their items, newest first, in two statements whatever `rows` is.
std::vector<Order> list_orders(db::Session& sql, users::UserId customer,
                               const std::optional<OrderKey>& after, std::int32_t rows);
std::optional<Order> find_order(db::Session& sql, users::UserId customer, OrderId id);

}  // namespace orders::repository
