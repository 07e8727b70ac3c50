#include "routes.hpp"

namespace users {
namespace {

Result<User> show_me(Service& users, Caller caller) {
    return users.show(caller.id, caller.id);
}

Result<User> rename_me(Service& users, Caller caller, Body<Rename> wanted) {
    return users.rename(caller.id, *wanted);
}

Result<User> show(Service& users, Caller caller, Path<"id", UserId> id) {
    return users.show(caller.id, *id);
}

Result<User> deactivate(Service& users, Path<"id", UserId> id) {
    return users.deactivate(*id);
}

}  // namespace

void routes(Routes<Service>& on) {
    on.get("/users/me", show_me).scope("users:read").summary("Show the caller");
    on.patch("/users/me", rename_me).scope("users:write").summary("Change the caller's name");
    on.get("/users/{id}", show).scope("users:read").summary("Show a user; only oneself");
    on.post("/users/{id}/deactivate", deactivate)
        .scope("users:admin")
        .summary("Deactivate a user, for good");
}

}  // namespace users
