#include "permissions.hpp"

#include "repository.hpp"

namespace auth {

Result<bool> Permissions::is_administrator(users::UserId user) {
    return kept_.get(user, [&]() -> Result<bool> {
        return repository::is_administrator(database_.session(), user);
    });
}

void Permissions::grant(db::Session& sql, users::UserId user, Timestamp at) {
    repository::make_administrator(sql, user, at);
    kept_.forget_after_commit(sql, user);
}

void Permissions::revoke(db::Session& sql, users::UserId user) {
    repository::drop_administrator(sql, user);
    kept_.forget_after_commit(sql, user);
}

}  // namespace auth
