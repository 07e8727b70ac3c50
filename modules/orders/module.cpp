// Orders: what is for sale, and who bought what. This module owns products with their stock, orders
// and their items; customers belong to users.
// Needs users (only an active user may buy). Offers nothing.

#include "routes.hpp"

#include <bulkhead/module.hpp>

namespace orders {

class OrdersModule final : public Module {
public:
    explicit OrdersModule(Core& core) : service_(core.database(), core.use<users::Directory>()) {
        core.serve(routes, service_);
    }

private:
    Service service_;
};

}  // namespace orders

BULKHEAD_MODULE(.name = "orders", .version = "1.0.0", .needs = {"users"},
                .start = bulkhead::start<orders::OrdersModule>)
