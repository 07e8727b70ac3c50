#include "routes.hpp"

namespace orders {
namespace {

Result<Listing<Product>> list_products(Service& orders, Query<ProductFilter> filter, Page page) {
    return orders.list_products(*filter, page);
}

Result<Product> show_product(Service& orders, Path<"id", ProductId> id) {
    return orders.show_product(*id);
}

Result<Created<Order>> place(Service& orders, Caller caller, Body<PlaceOrder> wanted) {
    return orders.place(caller.id, *wanted);
}

Result<Listing<Order>> list(Service& orders, Caller caller, Page page) {
    return orders.list(caller.id, page);
}

Result<Order> show(Service& orders, Caller caller, Path<"id", OrderId> id) {
    return orders.find(caller.id, *id);
}

}  // namespace

void routes(Routes<Service>& on) {
    on.get("/products", list_products).open().summary("List the catalogue by name, or search it");
    on.get("/products/{id}", show_product).open().summary("Show a product");
    on.post("/orders", place).scope("orders:write").summary("Place an order");
    on.get("/orders", list).scope("orders:read").summary("List the caller's orders, newest first");
    on.get("/orders/{id}", show).scope("orders:read").summary("Show one of the caller's orders");
}

}  // namespace orders
