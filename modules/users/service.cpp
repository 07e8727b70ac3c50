#include "service.hpp"

#include "api/events.hpp"
#include "repository.hpp"

namespace users {
namespace {

// ASCII only: what case means beyond it is for the mailbox's own host to say (RFC 6530, 10.1).
std::string lower_case(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lowered;
}

Error not_found() {
    return Error::not_found("users.not_found", "No user with this id.");
}

}  // namespace

Result<User> Service::add(db::Session& sql, NewUser wanted) {
    const auto at = now();
    User user{UserId::fresh(), lower_case(wanted.email), std::move(wanted.name), true, at, at};
    auto inserted = db::on_conflict(
        {"users.email", "users.email_taken", "An account with this email address exists already."},
        [&] { repository::insert(sql, user); });
    if (!inserted)
        return std::move(inserted.error());
    return user;
}

std::optional<User> Service::find(db::Session& sql, UserId id) {
    return repository::find(sql, id);
}

std::optional<User> Service::find_by_email(db::Session& sql, std::string_view email) {
    return repository::find_by_email(sql, lower_case(email));
}

bool Service::is_active(db::Session& sql, UserId id) {
    const auto user = repository::find(sql, id);
    return user && user->active;
}

Result<User> Service::show(UserId caller, UserId id) {
    auto user = caller == id ? repository::find(database_.session(), id) : std::nullopt;
    if (!user)
        return not_found();
    return *std::move(user);
}

Result<User> Service::rename(UserId caller, const Rename& wanted) {
    return database_.transaction([&](db::Session& sql) -> Result<User> {
        auto user = repository::rename(sql, caller, wanted.name, now());
        if (!user)
            return not_found();
        return *std::move(user);
    });
}

Result<User> Service::deactivate(UserId id) {
    return database_.transaction([&](db::Session& sql) -> Result<User> {
        if (auto deactivated = repository::deactivate(sql, id, now())) {
            events_.publish(sql, UserDeactivated{id});
            return *std::move(deactivated);
        }
        auto user = repository::find(sql, id);
        if (!user)
            return not_found();
        return *std::move(user);
    });
}

}  // namespace users
