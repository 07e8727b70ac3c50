// Orders: what is for sale, and who bought what. This module owns products with their stock, orders
// and their items; customers belong to users.
// Needs users (only an active user may buy). Offers nothing. Listens to users.deactivated, which
// cancels the orders that are still open.

#include "routes.hpp"

#include <bulkhead/module.hpp>
#include <users/api/events.hpp>

namespace orders {

class OrdersModule final : public Module {
public:
    explicit OrdersModule(Core& core)
        : service_(core.database(), core.use<users::Directory>(),
                   core.cache<ProductId, Product>("products", {.seconds = 5})),
          on_deactivated_(core.events().on<users::UserDeactivated>(
              "orders.cancel_open",
              [this](const auto& event) { return service_.cancel_open(event.user); })) {
        core.serve(routes, service_);
    }

private:
    Service service_;
    Subscription on_deactivated_;
};

}  // namespace orders

BULKHEAD_MODULE(.name = "orders", .version = "1.0.0", .needs = {"users"},
                .start = bulkhead::start<orders::OrdersModule>)
