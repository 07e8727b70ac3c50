// Bench: the routes that tools/bench compares with other servers. The plain ones run on the I/O
// thread and touch no database, so that what is measured is the server around it; those below
// /bench read the products of a running orders module.
// Needs nothing of other modules; /secured needs an authenticator to be running.

#include "order.hpp"
#include "product.hpp"

namespace bench {
namespace {

struct Greeting {
    std::string message;

    static auto fields() { return shape(field("message", &Greeting::message)); }
};

struct Service {};

Result<Greeting> greet(Service&) {
    return Greeting{"Hello, World!"};
}

Result<Greeting> greet_caller(Service& service, Caller) {
    return greet(service);
}

Result<Order> echo(Service&, Body<Order> order) {
    return std::move(order.value);
}

void routes(Routes<Service>& on) {
    on.get("/json", greet).open().nonblocking().summary("A small object");
    on.get("/secured", greet_caller)
        .scope("bench:read")
        .nonblocking()
        .summary("A small object, for callers with a scope");
    on.post("/echo", echo).open().nonblocking().summary("Validates an order and gives it back");
    on.get("/bench/row/{id}",
           query<Product, Path<"id", Uuid>>(
               "select id, sku, name, description, price, currency, stock, created_at, updated_at"
               " from products where id = :id",
               {"bench.product_not_found", "No product with this id."}))
        .open()
        .summary("One row");
    on.get("/bench/page/{after}",
           query<std::vector<Product>, Path<"after", Uuid>>(
               "select id, sku, name, description, price, currency, stock, created_at, updated_at"
               " from products where id > :after order by id limit 20"))
        .open()
        .summary("The twenty rows behind one");
}

class BenchModule final : public Module {
public:
    explicit BenchModule(Core& core) { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace
}  // namespace bench

std::span<const bulkhead::Migration> bulkhead::module_migrations() {
    return {};
}

BULKHEAD_MODULE(.name = "bench", .version = "1.0.0", .start = bulkhead::start<bench::BenchModule>)
