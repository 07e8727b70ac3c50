#pragma once
// The rules about selling: what there is, who may buy, what happens to the stock.

#include "order.hpp"
#include "place_order.hpp"

namespace orders {

/// Any thread.
class Service {
public:
    using Products = Cache<ProductId, Product>;

    Service(db::Database& database, users::Directory& users, Products products = {})
        : database_(database), users_(users), products_(products) {}

    /// By name; with words to look for, the best match first. Words alone decide that order, so a
    /// page goes on where the one before ended as long as nobody changes what products say.
    Result<Listing<Product>> list_products(const ProductFilter& filter, const Page& page);
    /// Of the last seconds, if it was sold by another process meanwhile. Refused: not_found
    /// "orders.product_not_found".
    Result<Product> show_product(ProductId id);

    /// Takes the stock and writes the order, or does neither. Refused: conflict
    /// "orders.inactive_customer", "orders.out_of_stock"; invalid "orders.repeated_product",
    /// "orders.unknown_product", "orders.mixed_currencies", "orders.total_too_large".
    Result<Order> place(users::UserId customer, const PlaceOrder& wanted);

    /// Cancels the customer's orders that are placed and puts their pieces back into the stock;
    /// none left is as good.
    Result<> cancel_open(users::UserId customer);

    /// The customer's own orders, newest first.
    Result<Listing<Order>> list(users::UserId customer, const Page& page);
    /// Somebody else's order is refused as if there were none: not_found "orders.not_found".
    Result<Order> find(users::UserId customer, OrderId id);

private:
    Result<Listing<Product>> search(const ProductFilter& filter, const Page& page);

    db::Database& database_;
    users::Directory& users_;
    Products products_;
};

}  // namespace orders
