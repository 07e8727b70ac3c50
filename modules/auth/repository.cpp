#include "repository.hpp"

namespace auth::repository {

void insert(db::Session& sql, const Credential& credential) {
    sql.run(
        "insert into credentials (user_id, password_hash, created_at, updated_at)"
        " values (:user_id, :password_hash, :created_at, :updated_at)",
        credential);
}

std::optional<Credential> find_credential(db::Session& sql, users::UserId user) {
    return sql.maybe<Credential>(
        "select user_id, password_hash, created_at, updated_at from credentials"
        " where user_id = :user",
        {{"user", user}});
}

void set_password_hash(db::Session& sql, users::UserId user, const std::string& hash,
                       Timestamp at) {
    sql.run("update credentials set password_hash = :hash, updated_at = :at where user_id = :user",
            {{"hash", hash}, {"at", at}, {"user", user}});
}

void make_administrator(db::Session& sql, users::UserId user, Timestamp at) {
    sql.run("insert into administrators (user_id, created_at) values (:user, :at)",
            {{"user", user}, {"at", at}});
}

void drop_administrator(db::Session& sql, users::UserId user) {
    sql.run("delete from administrators where user_id = :user", {{"user", user}});
}

bool is_administrator(db::Session& sql, users::UserId user) {
    return sql
        .maybe<users::UserId>("select user_id from administrators where user_id = :user",
                              {{"user", user}})
        .has_value();
}

void insert(db::Session& sql, const RefreshToken& token) {
    sql.run(
        "insert into refresh_tokens (digest, family, user_id, created_at, expires_at)"
        " values (:digest, :family, :user_id, :created_at, :expires_at)",
        token);
}

std::optional<RefreshToken> find_refresh_token(db::Session& sql, const std::string& digest) {
    return sql.maybe<RefreshToken>(
        "select digest, family, user_id, created_at, expires_at, revoked_at from refresh_tokens"
        " where digest = :digest",
        {{"digest", digest}});
}

bool use_refresh_token(db::Session& sql, const std::string& digest, Timestamp at) {
    return sql.run(
               "/* auth.use_refresh_token */ update refresh_tokens set used_at = :at"
               " where digest = :digest and used_at is null and revoked_at is null",
               {{"at", at}, {"digest", digest}}) == 1;
}

void revoke_family(db::Session& sql, Uuid family, Timestamp at) {
    sql.run(
        "/* auth.revoke_family */ update refresh_tokens set revoked_at = :at"
        " where family = :family and revoked_at is null",
        {{"at", at}, {"family", family}});
}

void drop_expired_refresh_tokens(db::Session& sql, users::UserId user, Timestamp at) {
    sql.run("delete from refresh_tokens where user_id = :user and expires_at <= :at",
            {{"user", user}, {"at", at}});
}

}  // namespace auth::repository
