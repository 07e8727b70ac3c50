#include "service.hpp"

#include "digest.hpp"
#include "repository.hpp"

#include <bulkhead/base64url.hpp>
#include <bulkhead/json.hpp>

namespace auth {
namespace {

constexpr std::size_t refresh_token_bytes = 32;

std::string digest_of(const std::string& refresh_token) {
    return to_base64url(sha256(refresh_token));
}

Error invalid_credentials() {
    return Error::unauthenticated("auth.invalid_credentials",
                                  "The email address or the password is wrong.");
}

Error invalid_refresh_token() {
    return Error::unauthenticated("auth.invalid_refresh_token",
                                  "The refresh token is not valid or no longer so: log in again.");
}

// Whoever types it, a registration keeps to the one field list.
Result<Registration> checked(std::string_view email, std::string_view name,
                             std::string_view password) {
    std::string text = R"({"email":)";
    json::write_text(text, email);
    json::write_text(text += R"(,"name":)", name);
    json::write_text(text += R"(,"password":)", password);
    return json::read<Registration>(text += "}");
}

}  // namespace

/// Neither part is there for an unknown address.
struct Service::Account {
    std::optional<users::User> user;
    std::optional<repository::Credential> credential;
};

Result<users::User> Service::enrol(const Registration& wanted) {
    return enrol(wanted, Role::member);
}

Result<users::UserId> Service::create_admin(std::string_view email, std::string_view name,
                                            std::string_view password) {
    const auto wanted = checked(email, name, password);
    if (!wanted)
        return wanted.error();
    auto user = enrol(*wanted, Role::administrator);
    if (!user)
        return std::move(user.error());
    return user->id;
}

Result<users::User> Service::enrol(const Registration& wanted, Role role) {
    const auto hash =
        passwords_.hash(wanted.password);  // Before a connection is taken: it is slow.
    if (!hash)
        return hash.error();
    return database_.transaction([&](db::Session& sql) -> Result<users::User> {
        auto user = users_.add(sql, {wanted.email, wanted.name});
        if (!user)
            return user;
        repository::insert(sql, {user->id, *hash, user->created_at, user->created_at});
        if (role == Role::administrator)
            permissions_.grant(sql, user->id, user->created_at);
        return user;
    });
}

Service::Account Service::look_up(const std::string& email) {
    auto& sql = database_.session();
    auto user = users_.find_by_email(sql, email);
    auto credential = repository::find_credential(sql, user ? user->id : users::UserId{});
    database_.release();  // A hash comes next, which is slow: others may have the connection.
    return {std::move(user), std::move(credential)};
}

Result<Tokens> Service::login(const Login& given) {
    const auto [user, credential] = look_up(given.email);
    const auto& hash = credential ? credential->password_hash : passwords_.decoy();
    const auto matches = passwords_.matches(given.password, hash);
    if (!matches)
        return matches.error();
    if (!credential || !*matches || !user->active)
        return invalid_credentials();
    if (!passwords_.outdated(hash))
        return admit(*user, "");
    const auto rehashed = passwords_.hash(given.password);
    return admit(*user, rehashed ? *rehashed : "");
}

Result<Service::Role> Service::role_of(users::UserId user) {
    const auto administrator = permissions_.is_administrator(user);
    if (!administrator)
        return administrator.error();
    return *administrator ? Role::administrator : Role::member;
}

Result<Tokens> Service::admit(const users::User& user, const std::string& new_hash) {
    const auto role = role_of(user.id);
    if (!role)
        return role.error();
    return database_.transaction([&](db::Session& sql) -> Result<Tokens> {
        if (!new_hash.empty())
            repository::set_password_hash(sql, user.id, new_hash, now());
        repository::drop_expired_refresh_tokens(sql, user.id, now());
        return open_session(sql, user.id, Uuid::fresh(), *role);
    });
}

Result<Tokens> Service::refresh(const RefreshRequest& given) {
    // Before the transaction: a guess never gets as far as the one writer.
    const auto token =
        repository::find_refresh_token(database_.session(), digest_of(given.refresh_token));
    if (!token)
        return invalid_refresh_token();
    const auto role = role_of(token->user_id);
    if (!role)
        return role.error();
    // A refusal is a value in here: an error would roll the revocation back.
    auto rotated = database_.transaction([&](db::Session& sql) -> Result<std::optional<Tokens>> {
        return rotate(sql, *token, *role);
    });
    if (!rotated)
        return std::move(rotated.error());
    if (!*rotated)
        return invalid_refresh_token();
    return **std::move(rotated);
}

std::optional<Tokens> Service::rotate(db::Session& sql, const repository::RefreshToken& token,
                                      Role role) {
    if (!repository::use_refresh_token(sql, token.digest, now())) {
        repository::revoke_family(sql, token.family, now());
        if (!token.revoked_at)  // Else it was logged out, or this was said before.
            log_.warning("a refresh token was used again; its login is ended",
                         {{"user_id", token.user_id.to_text()}});
        return std::nullopt;
    }
    if (token.expires_at <= now() || !users_.is_active(sql, token.user_id))
        return std::nullopt;
    repository::drop_expired_refresh_tokens(sql, token.user_id, now());
    return open_session(sql, token.user_id, token.family, role);
}

Result<Done> Service::logout(const RefreshRequest& given) {
    return database_.transaction([&](db::Session& sql) -> Result<Done> {
        const auto token = repository::find_refresh_token(sql, digest_of(given.refresh_token));
        if (token)
            repository::revoke_family(sql, token->family, now());
        return Done{};
    });
}

Tokens Service::open_session(db::Session& sql, users::UserId user, Uuid family, Role role) {
    Tokens tokens{.access_token = tokens_.issue(user, role == Role::administrator),
                  .expires_in = tokens_.life_seconds(),
                  .refresh_token = to_base64url(random_bytes(refresh_token_bytes)),
                  .user_id = user};
    repository::insert(
        sql, {digest_of(tokens.refresh_token), family, user, now(), now() + refresh_life_});
    return tokens;
}

}  // namespace auth
