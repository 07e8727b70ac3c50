// Auth: who a caller is, and what the caller may do. This module owns credentials, administrators
// and refresh tokens; the people themselves belong to users.
// Needs users (registering writes user and credential in one transaction). Offers the
// authenticator that every route with a scope depends on, and auth.accounts/1 for the command line.

#include "authenticator.hpp"
#include "routes.hpp"

#include <bulkhead/module.hpp>

namespace auth {

class AuthModule final : public Module {
public:
    explicit AuthModule(Core& core) : AuthModule(core, core.settings<Settings>()) {}

private:
    AuthModule(Core& core, const Settings& settings)
        : passwords_(settings),
          tokens_(SigningKey::open(core.data_path(settings.key_file)), settings),
          authenticator_(tokens_, settings),
          permissions_(core.database(), core.cache<users::UserId, bool>("administrators")),
          service_(core.database(), core.use<users::Directory>(), permissions_, passwords_, tokens_,
                   settings, core.log()) {
        core.offer<Authenticator>(authenticator_);
        core.offer<Accounts>(service_);
        core.serve(routes, service_);
    }

    Passwords passwords_;
    AccessTokens tokens_;
    BearerAuthenticator authenticator_;
    Permissions permissions_;
    Service service_;
};

}  // namespace auth

BULKHEAD_MODULE(.name = "auth", .version = "1.0.0", .needs = {"users"},
                .start = bulkhead::start<auth::AuthModule>)
