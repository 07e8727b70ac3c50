#include "modules/auth/permissions.hpp"

#include "cache/regions.hpp"
#include "support/schema_of.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using auth::Permissions;

namespace {

struct Fixture {
    test::TestDatabase test{test::schema_of("auth")};
    cache::Options options;
    cache::Regions regions{options, test.pool()};
    Permissions permissions{test.database(),
                            Permissions::Kept(AnyCache(regions.add("auth", "administrators", {},
                                                                   {&type_of<bool>(), nullptr})))};
    users::UserId user = users::UserId::fresh();

    bool is_administrator() {
        const db::HandlerScope scope;
        return *permissions.is_administrator(user);
    }
    std::uint64_t queries() { return test.pool().statistics().queries; }
};

}  // namespace

TEST_CASE("auth: whether somebody is an administrator is asked of the database once") {
    Fixture f;
    CHECK_FALSE(f.is_administrator());
    const auto before = f.queries();

    for (int time = 0; time < 100; ++time)
        CHECK_FALSE(f.is_administrator());

    CHECK(f.queries() == before);
}

TEST_CASE("auth: granting and revoking administration are seen at once") {
    Fixture f;
    CHECK_FALSE(f.is_administrator());

    f.test.commit([&](db::Session& sql) { f.permissions.grant(sql, f.user, now()); });
    CHECK(f.is_administrator());
    f.test.commit([&](db::Session& sql) { f.permissions.revoke(sql, f.user); });

    CHECK_FALSE(f.is_administrator());
}
