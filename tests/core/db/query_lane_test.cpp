// Queries on an I/O thread's own connections, when something goes wrong.

#include "query_server.hpp"

#include "support/postgres_server.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::test;

namespace {

/// Holds the lock that /locked waits for while `work(session)` runs.
template <class Work>
void while_locked(TestDatabase& database, Work&& work) {
    database.commit([&](db::Session& sql) {
        sql.one<std::int64_t>("select 1 from pg_advisory_xact_lock(7)");
        work(sql);
    });
}

void await_locked(db::Session& sql, std::int64_t waiting) {
    while (sql.one<std::int64_t>("select count(*) from pg_locks where not granted"
                                 " and locktype = 'advisory' and database ="
                                 " (select oid from pg_database where datname ="
                                 " current_database())") != waiting)
        std::this_thread::yield();
}

struct LaneTest {
    explicit LaneTest(const http::Options& options = {})
        : server(database.pool(), Way::lane, options) {
        server.await_lane();
    }

    TestDatabase database{sample_schema};
    QueryServer server;
};

}  // namespace

TEST_CASE("without lane connections workers answer what is one query", "[postgresql]") {
    TestDatabase database({}, {.lane_connections = 0});
    const QueryServer server(database.pool(), Way::lane);

    const auto leases = database.pool().statistics().leases;

    CHECK(server.get("/echoed/1").status == 200);
    CHECK(server.get("/echoed/1").status == 200);
    CHECK(database.pool().statistics().leases == leases + 2);
}

TEST_CASE("a query of the lane is counted among all queries, and takes no lease", "[postgresql]") {
    LaneTest test;
    const auto before = test.database.pool().statistics();

    CHECK(test.server.get("/echoed/7").status == 200);

    const auto behind = test.database.pool().statistics();
    CHECK(behind.queries == before.queries + 1);
    CHECK(behind.leases == before.leases);
}

TEST_CASE("a statement that fails answers as by a worker, and disturbs none of its neighbours",
          "[postgresql]") {
    LaneTest test;
    const QueryServer workers(test.database.pool(), Way::workers);
    const auto by_worker = workers.get("/divided/0").status;

    std::vector<RawClient> clients;
    for (int number = 0; number < 60; ++number) {
        clients.push_back(test.server.connect());
        clients.back().send(http::test::get(number % 3 == 0 ? "/divided/0" : "/echoed/5"));
    }

    for (std::size_t number = 0; number < clients.size(); ++number) {
        const auto response = clients[number].read_response();
        CHECK(response.status == (number % 3 == 0 ? by_worker : 200));
    }
    CHECK(test.server.get("/divided/1").status == 200);
}

TEST_CASE("a client that is gone before its rows come leaves the lane as it was", "[postgresql]") {
    LaneTest test;

    while_locked(test.database, [&](db::Session& sql) {
        auto client = test.server.connect();
        client.send(http::test::get("/locked"));
        await_locked(sql, 1);
        client.reset();
    });

    CHECK(test.server.get("/echoed/1").status == 200);
    CHECK(test.server.get("/locked").status == 200);
    test.server.await_lane();
}

TEST_CASE("a server ends while queries of its lane run", "[postgresql]") {
    TestDatabase database{sample_schema};
    std::optional<QueryServer> server(std::in_place, database.pool(), Way::lane);
    server->await_lane();

    while_locked(database, [&](db::Session& sql) {
        auto client = server->connect();
        client.send(http::test::get("/locked"));
        await_locked(sql, 1);
        server.reset();
    });

    CHECK(QueryServer(database.pool(), Way::lane).get("/locked").status == 200);
}

TEST_CASE("a query that takes longer than a request may is 504, and its rows are dropped",
          "[postgresql]") {
    LaneTest test({.request_seconds = 1});

    while_locked(test.database, [&](db::Session& sql) {
        auto client = test.server.connect();
        client.send(http::test::get("/locked"));
        await_locked(sql, 1);

        CHECK(client.read_response().status == 504);
        client.send(http::test::get("/echoed/3"));
        CHECK(http::test::says(client.read_response(), R"("number":3)"));
    });

    test.server.await_lane();
}

TEST_CASE("a killed server is 503 db.unavailable to queries of the lane, which heal by themselves",
          "[postgresql]") {
    PostgresServer postgres;
    db::Pool pool{{.url = postgres.url()}, "."};
    const QueryServer server(pool, Way::lane);
    server.await_lane();
    auto waiting = server.connect();
    waiting.send(http::test::get("/locked"));
    CHECK(waiting.read_response().status == 200);

    postgres.kill();
    const auto first = server.get("/echoed/1");
    const auto second = server.get("/echoed/1");
    postgres.start();

    CHECK(first.status == 503);
    CHECK(http::test::says(first, "db.unavailable"));
    CHECK(second.status == 503);
    server.await_lane();
}

TEST_CASE("a server killed while a query of the lane runs is 503, and heals", "[postgresql]") {
    PostgresServer postgres;
    db::Pool pool{{.url = postgres.url()}, "."};
    const QueryServer server(pool, Way::lane);
    server.await_lane();
    db::Database database(pool);
    auto client = server.connect();

    const db::HandlerScope scope;
    (void)database.transaction([&](db::Session& sql) -> Result<> {
        sql.one<std::int64_t>("select 1 from pg_advisory_xact_lock(7)");
        client.send(http::test::get("/locked"));
        await_locked(sql, 1);
        postgres.kill();
        return Error::conflict("test.over", "It is over.");
    });
    const auto response = client.read_response();
    postgres.start();

    CHECK(response.status == 503);
    CHECK(http::test::says(response, "db.unavailable"));
    server.await_lane();
}
