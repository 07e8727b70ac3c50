#pragma once
// What other modules may know and do about users.

#include <bulkhead/session.hpp>

namespace users {

using UserId = bulkhead::CallerId;

/// What every shape that takes a user's name keeps to.
inline constexpr auto name_length = bulkhead::length(1, 100);

struct User {
    UserId id;
    std::string email;
    std::string name;
    bool active = true;  ///< an inactive user can neither log in nor do business
    bulkhead::Timestamp created_at{};
    bulkhead::Timestamp updated_at{};

    static auto fields() {
        using namespace bulkhead;
        return shape(field("id", &User::id), field("email", &User::email, bulkhead::email),
                     field("name", &User::name, name_length), field("active", &User::active),
                     field("created_at", &User::created_at),
                     field("updated_at", &User::updated_at));
    }
};

struct NewUser {
    std::string email;  ///< in any case; stored and compared in lower case
    std::string name;
};

/// The users, by whom it concerns. Works in the caller's session, so that what is written commits
/// or vanishes together with the caller's own rows. Any thread.
class Directory {
public:
    static constexpr std::string_view contract = "users.directory/1";

    virtual ~Directory() = default;

    /// Adds an active user. Refused: conflict "users.email_taken"; the transaction is lost then.
    virtual bulkhead::Result<User> add(bulkhead::db::Session& sql, NewUser wanted) = 0;

    virtual std::optional<User> find(bulkhead::db::Session& sql, UserId id) = 0;
    virtual std::optional<User> find_by_email(bulkhead::db::Session& sql,
                                              std::string_view email) = 0;

    /// False for unknown users, too.
    virtual bool is_active(bulkhead::db::Session& sql, UserId id) = 0;
};

}  // namespace users
