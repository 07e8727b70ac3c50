#include "modules/users/service.hpp"

#include "events/hub.hpp"
#include "support/schema_of.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace users;
using bulkhead::test::schema_of;
using bulkhead::test::TestDatabase;

namespace {

struct Fixture {
    TestDatabase test{schema_of("users")};
    events::Options options;
    events::Hub hub{options, test.pool()};
    Service service{test.database(), hub.events_of("users", {})};

    Result<User> add(std::string email) {
        return test.database().transaction(
            [&](db::Session& sql) { return service.add(sql, {std::move(email), "Ada"}); });
    }
};

}  // namespace

TEST_CASE("users service: a new user is active and has a lower-case address") {
    const StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    Fixture f;

    const auto added = f.add("Ada.Lovelace@EXAMPLE.org");

    REQUIRE(added);
    CHECK(added->email == "ada.lovelace@example.org");
    CHECK(added->active);
    CHECK(to_text(added->created_at) == "2026-11-20T10:00:00.000000Z");
    CHECK(added->updated_at == added->created_at);
}

TEST_CASE("users service: an address belongs to one user, and is found in any case") {
    Fixture f;
    const auto added = f.add("ada@example.org");
    REQUIRE(added);

    const auto again = f.add("ADA@example.org");
    const auto found = f.test.read(
        [&](db::Session& sql) { return f.service.find_by_email(sql, "aDa@example.org"); });

    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::conflict);
    CHECK(again.error().code == "users.email_taken");
    REQUIRE(found);
    CHECK(found->id == added->id);
}

TEST_CASE("users service: only a known user that was not deactivated is active") {
    Fixture f;
    const auto ada = f.add("ada@example.org");
    const auto bob = f.add("bob@example.org");
    REQUIRE(ada);
    REQUIRE(bob);
    f.test.write("update users set active = :no where id = :id", {{"no", false}, {"id", bob->id}});

    f.test.read([&](db::Session& sql) {
        CHECK(f.service.is_active(sql, ada->id));
        CHECK_FALSE(f.service.is_active(sql, bob->id));
        CHECK_FALSE(f.service.is_active(sql, UserId::fresh()));
        CHECK_FALSE(f.service.find(sql, UserId::fresh()));
        CHECK(f.service.find(sql, bob->id)->email == "bob@example.org");
        return 0;
    });
}

TEST_CASE("users service: what another transaction writes with it vanishes with it") {
    Fixture f;

    const auto done = f.test.database().transaction([&](db::Session& sql) -> Result<User> {
        const auto added = f.service.add(sql, {"ada@example.org", "Ada"});
        REQUIRE(added);
        return Error::conflict("test.refused", "The caller's own rows were refused.");
    });

    CHECK_FALSE(done);
    CHECK(f.test.count("users") == 0);
}
