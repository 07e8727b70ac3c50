#pragma once
// The rules about users: the directory for other modules, and what users do with themselves.

#include "user.hpp"

namespace users {

/// Any thread.
class Service final : public Directory {
public:
    explicit Service(db::Database& database) : database_(database) {}

    Result<User> add(db::Session& sql, NewUser wanted) override;
    std::optional<User> find(db::Session& sql, UserId id) override;
    std::optional<User> find_by_email(db::Session& sql, std::string_view email) override;
    bool is_active(db::Session& sql, UserId id) override;

    /// The caller's own record. Anybody else's is refused as if there were none: not_found
    /// "users.not_found".
    Result<User> show(UserId caller, UserId id);
    Result<User> rename(UserId caller, const Rename& wanted);

private:
    db::Database& database_;
};

}  // namespace users
