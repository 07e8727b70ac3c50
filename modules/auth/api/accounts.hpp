#pragma once
// What the command line may do with accounts.

#include <users/api/directory.hpp>

namespace auth {

class Accounts {
public:
    static constexpr std::string_view contract = "auth.accounts/1";

    virtual ~Accounts() = default;

    /// Registers a user who holds every scope, in a transaction of its own. Refused: invalid
    /// "http.invalid" with every violation, conflict "users.email_taken". Takes as long as hashing
    /// a password does.
    virtual bulkhead::Result<users::UserId> create_admin(std::string_view email,
                                                         std::string_view name,
                                                         std::string_view password) = 0;
};

}  // namespace auth
