#include "routes.hpp"

namespace auth {
namespace {

Result<Created<users::User>> enrol(Service& auth, Body<Registration> wanted) {
    return auth.enrol(*wanted);
}

Result<Tokens> login(Service& auth, Body<Login> given) {
    return auth.login(*given);
}

Result<Tokens> refresh(Service& auth, Body<RefreshRequest> given) {
    return auth.refresh(*given);
}

Result<Done> logout(Service& auth, Body<RefreshRequest> given) {
    return auth.logout(*given);
}

}  // namespace

// All open: what is in the body is the credential, in replies as well.
void routes(Routes<Service>& on) {
    on.post("/auth/register", enrol)
        .open()
        .summary("Register a user with a password")
        .location("/users/{id}");
    on.post("/auth/login", login)
        .open()
        .uncompressed()
        .summary("Get tokens for an email address and password");
    on.post("/auth/refresh", refresh)
        .open()
        .uncompressed()
        .summary("Get new tokens for a refresh token, once");
    on.post("/auth/logout", logout).open().summary("End the login of a refresh token");
}

}  // namespace auth
