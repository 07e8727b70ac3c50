#pragma once
// What happens to users, for modules that must react.

#include "directory.hpp"

namespace users {

/// From now on this user can neither log in nor do business. Published once per deactivation.
struct UserDeactivated {
    static constexpr std::string_view topic = "users.deactivated";

    UserId user;

    static auto fields() {
        return bulkhead::shape(bulkhead::field("user", &UserDeactivated::user));
    }
};

}  // namespace users
