#pragma once
// The SQL of the users; the caller owns the transaction.

#include "user.hpp"

namespace users::repository {

/// Throws db::Failure (unique_violation of users.email).
void insert(db::Session& sql, const User& user);
std::optional<User> find(db::Session& sql, UserId id);
/// `email` in lower case.
std::optional<User> find_by_email(db::Session& sql, std::string_view email);
/// The user as changed; none if there is no such user.
std::optional<User> rename(db::Session& sql, UserId id, std::string_view name, Timestamp at);
/// The user as changed; none if there is no such user, or none that is active.
std::optional<User> deactivate(db::Session& sql, UserId id, Timestamp at);

}  // namespace users::repository
