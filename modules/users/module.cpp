// Users: who may do business here. This module owns the people and their email addresses; it knows
// no password (auth does) and no purchase (orders does).
// Needs nothing. Offers users.directory/1, with which auth registers people and orders checks that
// a customer is active. Publishes users.deactivated.

#include "routes.hpp"

#include <bulkhead/module.hpp>

namespace users {

class UsersModule final : public Module {
public:
    explicit UsersModule(Core& core) : service_(core.database(), core.events()) {
        core.offer<Directory>(service_);
        core.serve(routes, service_);
    }

private:
    Service service_;
};

}  // namespace users

BULKHEAD_MODULE(.name = "users", .version = "1.0.0", .start = bulkhead::start<users::UsersModule>)
