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

struct Service {
    db::Database& database;
};

Result<Greeting> greet(Service&) {
    return Greeting{"Hello, World!"};
}

Result<Greeting> greet_caller(Service& service, Caller) {
    return greet(service);
}

Result<Order> echo(Service&, Body<Order> order) {
    return std::move(order.value);
}

Result<Product> row(Service& service, Path<"id", Uuid> id) {
    auto product = service.database.session().maybe<Product>(
        "select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where id = :id",
        {{"id", *id}});
    if (!product)
        return Error::not_found("bench.product_not_found", "No product with this id.");
    return *std::move(product);
}

Result<std::vector<Product>> page(Service& service, Path<"after", Uuid> after) {
    return service.database.session().all<Product>(
        "select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where id > :after order by id limit 20",
        {{"after", *after}});
}

void routes(Routes<Service>& on) {
    on.get("/json", greet).open().nonblocking().summary("A small object");
    on.get("/secured", greet_caller)
        .scope("bench:read")
        .nonblocking()
        .summary("A small object, for callers with a scope");
    on.post("/echo", echo).open().nonblocking().summary("Validates an order and gives it back");
    on.get("/bench/row/{id}", row).open().summary("One row");
    on.get("/bench/page/{after}", page).open().summary("The twenty rows behind one");
}

class BenchModule final : public Module {
public:
    explicit BenchModule(Core& core) : service_{core.database()} { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace
}  // namespace bench

std::span<const bulkhead::Migration> bulkhead::module_migrations() {
    return {};
}

BULKHEAD_MODULE(.name = "bench", .version = "1.0.0", .start = bulkhead::start<bench::BenchModule>)
