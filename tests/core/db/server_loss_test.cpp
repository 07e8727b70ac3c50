// The database as a process of its own, which may end at any time.

#include "db/migrate.hpp"
#include "support/postgres_server.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;

namespace {

/// A table in a server of its own, and a pool of connections to it.
struct Shop {
    Shop() {
        server.make_durable();
        REQUIRE(db::run_script(pool, "schema", "create table notes (id bigint)"));
    }

    void insert(std::int64_t id) {
        (void)database.transaction([&](db::Session& sql) -> Result<std::int64_t> {
            return sql.run("insert into notes values (:id)", {{"id", id}});
        });
    }
    std::vector<std::int64_t> notes() {
        const db::HandlerScope scope;
        return database.session().all<std::int64_t>("select id from notes order by id");
    }

    PostgresServer server;
    db::Pool pool{{.url = server.url()}, "."};
    db::Database database{pool};
};

}  // namespace

TEST_CASE("what is lost with a killed server is a failure, and heals when it is back",
          "[postgresql]") {
    Shop shop;
    shop.insert(1);

    shop.server.kill();
    const auto first = failure_of([&] { shop.insert(2); });
    const auto second = failure_of([&] { shop.notes(); });
    const bool alive_without = shop.pool.alive();
    shop.server.start();

    CHECK(first.failure == FailureKind::unavailable);
    CHECK(second.failure == FailureKind::unavailable);
    CHECK_FALSE(alive_without);
    shop.insert(3);
    CHECK(shop.notes() == std::vector<std::int64_t>{1, 3});
    CHECK(shop.pool.alive());
}

TEST_CASE("a server that was restarted is noticed before a statement is lost on it",
          "[postgresql]") {
    Shop shop;
    shop.insert(1);

    shop.server.stop();
    shop.server.start();

    shop.insert(2);
    CHECK(shop.notes() == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("the password of the database is in no message of its loss", "[postgresql]") {
    Shop shop;
    const auto begin = shop.server.url().find(':', std::string("postgresql://").size()) + 1;
    const auto password = shop.server.url().substr(begin, shop.server.url().find('@') - begin);
    shop.server.kill();

    const auto failure = failure_of([&] { shop.insert(2); });

    REQUIRE(password.size() == 32);
    CHECK_THAT(failure.what(), !Catch::Contains(password));
}
