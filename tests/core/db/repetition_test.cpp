// What is seen of the queries of one handler: how many, which of them again and again.

#include "db/repetition.hpp"

#include "http/application.hpp"
#include "support/captured_output.hpp"
#include "support/test_app.hpp"
#include "support/test_database.hpp"

#include <bulkhead/log.hpp>
#include <catch2/catch.hpp>

using namespace bulkhead;
using test::count_of;
using test::output_of;
using test::TestApp;
using test::TestDatabase;

namespace {

constexpr auto warning = "one handler repeats a query (N+1)";

/// A database whose repetitions are warned of, as the server's are.
struct Fixture {
    explicit Fixture(std::int32_t limit) : test({}, with(limit)) {
        db::set_on_repetition(db::OnRepetition::warn);
        log::start(LogLevel::info);
    }

    /// As one handler.
    void select(int times) {
        test.read([times](db::Session& sql) {
            for (std::int64_t number = 0; number < times; ++number)
                sql.one<std::int64_t>("/* numbers.echo */ select cast(:number as bigint)",
                                      {{"number", number}});
        });
    }

    static db::Options with(std::int32_t limit) {
        db::Options options;
        options.repeated_queries = limit;
        return options;
    }

    TestDatabase test;
};

struct RepeaterApp {
    explicit RepeaterApp(std::string_view settings = {})
        : app({"repeater"}, settings, BULKHEAD_FIXTURES_DIR) {
        log::start(LogLevel::info);
    }
    std::string metrics() {
        Request request{};
        request.method = "GET";
        request.path = "/metrics";
        return app.application().answer(request).body;
    }

    TestApp app;
};

}  // namespace

TEST_CASE("a query that one handler repeats is warned of once, with its name and how often") {
    Fixture f(10);

    const auto log = output_of([&] { f.select(25); });

    CHECK(count_of(warning, log) == 1);
    CHECK_THAT(log, Catch::Contains(R"("statement":"numbers.echo")") &&
                        Catch::Contains(R"("times":10)") && Catch::Contains(":number"));
}

TEST_CASE("queries of several handlers, or fewer than the limit, are no repetition") {
    Fixture f(10);

    const auto log = output_of([&] {
        f.select(9);
        f.select(9);
    });

    CHECK(count_of(warning, log) == 0);
}

TEST_CASE("a limit of 0 lets a handler repeat what it wants") {
    Fixture f(0);

    const auto log = output_of([&] { f.select(200); });

    CHECK(count_of(warning, log) == 0);
}

TEST_CASE("in the test kit a handler that repeats a query answers 500, and the log says why") {
    RepeaterApp f;
    int status = 0;

    const auto log = output_of([&] { status = f.app.get("/repeater/10").status; });

    CHECK(status == 500);
    CHECK_THAT(log, Catch::Contains("one handler ran the same query 10 times (N+1; "
                                    "database.repeated_queries)"));
    CHECK(f.app.get("/repeater/9").status == 200);
}

TEST_CASE("the access line says how many queries the handler of a request ran") {
    RepeaterApp f;

    const auto log = output_of([&] { f.app.get("/repeater/3"); });

    CHECK(count_of(R"("queries":3)", log) == 1);
}

TEST_CASE("/metrics counts statements by name, and handlers by their queries") {
    RepeaterApp f;
    const auto of_six_to_ten = [&] { return f.app.generation().pool().statistics().requests[4]; };
    const auto before = of_six_to_ten();
    f.app.get("/repeater/9");
    f.app.get("/repeater/1");

    const auto metrics = f.metrics();

    CHECK(of_six_to_ten() == before + 1);
    CHECK_THAT(metrics, Catch::Contains(
                            "bulkhead_db_statement_runs_total{statement=\"repeater.add\"} 10\n"));
    CHECK_THAT(
        metrics,
        Catch::Contains("bulkhead_db_statement_failures_total{statement=\"repeater.add\"} 0\n"));
    CHECK_THAT(metrics, Catch::Contains("bulkhead_db_request_queries_bucket{le=\"5\"} ") &&
                            Catch::Contains("bulkhead_db_request_queries_bucket{le=\"10\"} ") &&
                            Catch::Contains("bulkhead_db_request_queries_bucket{le=\"+Inf\"} "));
}
