#include "repository.hpp"

namespace users::repository {

void insert(db::Session& sql, const User& user) {
    sql.run(
        "insert into users (id, email, name, active, created_at, updated_at)"
        " values (:id, :email, :name, :active, :created_at, :updated_at)",
        user);
}

std::optional<User> find(db::Session& sql, UserId id) {
    return sql.maybe<User>(
        "/* users.find */ select id, email, name, active, created_at, updated_at from users"
        " where id = :id",
        {{"id", id}});
}

std::optional<User> find_by_email(db::Session& sql, std::string_view email) {
    return sql.maybe<User>(
        "/* users.find_by_email */ select id, email, name, active, created_at, updated_at"
        " from users where email = :email",
        {{"email", email}});
}

std::optional<User> rename(db::Session& sql, UserId id, std::string_view name, Timestamp at) {
    return sql.maybe<User>(
        "/* users.rename */ update users set name = :name, updated_at = :at where id = :id"
        " returning id, email, name, active, created_at, updated_at",
        {{"name", name}, {"at", at}, {"id", id}});
}

std::optional<User> deactivate(db::Session& sql, UserId id, Timestamp at) {
    return sql.maybe<User>(
        "/* users.deactivate */ update users set active = false, updated_at = :at"
        " where id = :id and active = true"
        " returning id, email, name, active, created_at, updated_at",
        {{"at", at}, {"id", id}});
}

}  // namespace users::repository
