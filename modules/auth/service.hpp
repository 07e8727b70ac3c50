#pragma once
// The rules about credentials: who gets in, and for how long.

#include "api/accounts.hpp"
#include "password.hpp"
#include "permissions.hpp"
#include "repository.hpp"
#include "session.hpp"
#include "token.hpp"

namespace auth {

/// Any thread but I/O threads: whatever takes a password waits for its hash.
class Service final : public Accounts {
public:
    Service(db::Database& database, users::Directory& users, Permissions& permissions,
            Passwords& passwords, const AccessTokens& tokens, const Settings& settings,
            const Log& log)
        : database_(database),
          users_(users),
          permissions_(permissions),
          passwords_(passwords),
          tokens_(tokens),
          refresh_life_(settings.refresh_token_seconds),
          log_(log) {}

    /// The user and the credential are written together or not at all.
    Result<users::User> enrol(const Registration& wanted);
    Result<users::UserId> create_admin(std::string_view email, std::string_view name,
                                       std::string_view password) override;

    /// One refusal for everything that is wrong with an email address or a password, in one time:
    /// unauthenticated "auth.invalid_credentials".
    Result<Tokens> login(const Login& given);

    /// A refresh token is good for one use; a second use shows that it was stolen, and ends every
    /// token of that login.
    Result<Tokens> refresh(const RefreshRequest& given);
    /// Ends the login that the token belongs to; an unknown token has none to end.
    Result<Done> logout(const RefreshRequest& given);

private:
    enum class Role { member, administrator };

    struct Account;

    Result<users::User> enrol(const Registration& wanted, Role role);
    Account look_up(const std::string& email);
    Result<Tokens> admit(const users::User& user, const std::string& new_hash);
    std::optional<Tokens> rotate(db::Session& sql, const repository::RefreshToken& token,
                                 Role role);
    Result<Role> role_of(users::UserId user);
    Tokens open_session(db::Session& sql, users::UserId user, Uuid family, Role role);

    db::Database& database_;
    users::Directory& users_;
    Permissions& permissions_;
    Passwords& passwords_;
    const AccessTokens& tokens_;
    std::chrono::seconds refresh_life_;
    const Log& log_;
};

}  // namespace auth
