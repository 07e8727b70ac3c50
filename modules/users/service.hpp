#pragma once
// The rules about users: the directory for other modules, and what users do with themselves.

#include "user.hpp"

namespace users {

/// Any thread.
class Service final : public Directory {
public:
    Service(db::Database& database, Events& events) : database_(database), events_(events) {}

    Result<User> add(db::Session& sql, NewUser wanted) override;
    std::optional<User> find(db::Session& sql, UserId id) override;
    std::optional<User> find_by_email(db::Session& sql, std::string_view email) override;
    bool is_active(db::Session& sql, UserId id) override;

    /// The caller's own record. Anybody else's is refused as if there were none: not_found
    /// "users.not_found".
    Result<User> show(UserId caller, UserId id);
    Result<User> rename(UserId caller, const Rename& wanted);

    /// Ends what this user may do, and publishes UserDeactivated; again changes and publishes
    /// nothing. Refused: not_found "users.not_found".
    Result<User> deactivate(UserId id);

private:
    db::Database& database_;
    Events& events_;
};

}  // namespace users
