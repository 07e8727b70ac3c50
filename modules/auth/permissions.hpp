#pragma once

#include "settings.hpp"

#include <users/api/directory.hpp>

namespace auth {

/// Who may do everything. Asked at each login and refresh, changed hardly ever: so it is kept, and
/// forgotten with each change. Any thread.
class Permissions {
public:
    using Kept = Cache<users::UserId, bool>;

    explicit Permissions(db::Database& database, Kept kept = {})
        : database_(database), kept_(kept) {}

    /// A change that another process made is seen once what is kept has grown old. Refused:
    /// unavailable "cache.busy".
    Result<bool> is_administrator(users::UserId user);

    void grant(db::Session& sql, users::UserId user, Timestamp at);
    void revoke(db::Session& sql, users::UserId user);

private:
    db::Database& database_;
    Kept kept_;
};

}  // namespace auth
