#pragma once
// The SQL of credentials, administrators and refresh tokens; the caller owns the transaction.

#include "settings.hpp"

#include <users/api/directory.hpp>

namespace auth::repository {

struct Credential {
    users::UserId user_id;
    std::string password_hash;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("user_id", &Credential::user_id),
                     field("password_hash", &Credential::password_hash),
                     field("created_at", &Credential::created_at),
                     field("updated_at", &Credential::updated_at));
    }
};

/// One link of a login's chain. Only the digest of a token is kept: who reads the table can refresh
/// nothing.
struct RefreshToken {
    std::string digest;
    Uuid family;  ///< one login and everything refreshed from it
    users::UserId user_id;
    Timestamp created_at{};
    Timestamp expires_at{};
    std::optional<Timestamp> revoked_at{};

    static auto fields() {
        return shape(field("digest", &RefreshToken::digest), field("family", &RefreshToken::family),
                     field("user_id", &RefreshToken::user_id),
                     field("created_at", &RefreshToken::created_at),
                     field("expires_at", &RefreshToken::expires_at),
                     field("revoked_at", &RefreshToken::revoked_at));
    }
};

void insert(db::Session& sql, const Credential& credential);
std::optional<Credential> find_credential(db::Session& sql, users::UserId user);
void set_password_hash(db::Session& sql, users::UserId user, const std::string& hash, Timestamp at);

void make_administrator(db::Session& sql, users::UserId user, Timestamp at);
void drop_administrator(db::Session& sql, users::UserId user);
bool is_administrator(db::Session& sql, users::UserId user);

void insert(db::Session& sql, const RefreshToken& token);
std::optional<RefreshToken> find_refresh_token(db::Session& sql, const std::string& digest);
/// True for one caller only, however many come at once, and for none once the family is revoked.
bool use_refresh_token(db::Session& sql, const std::string& digest, Timestamp at);
void revoke_family(db::Session& sql, Uuid family, Timestamp at);
void drop_expired_refresh_tokens(db::Session& sql, users::UserId user, Timestamp at);

}  // namespace auth::repository
