// Modules whose files are fine and whose code is not: contained in this process, each with a reason
// that names it, beside modules that run. What ends or hangs a process is in tests/e2e.

#include "core/module/site.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace bulkhead;
using module::State;
using module::Step;
using test::get;
using test::Site;
using test::status_of;

namespace {

struct Misbehaviour {
    std::string place;
    State state;
    Step step;
    std::string reason;
};

std::vector<Misbehaviour> misbehaviours() {
    const std::string expected =
        ", expected a start function; write the entry with BULKHEAD_MODULE(...).";
    const std::string mend = "; mend the module, or set module.hostile.enabled = false.";
    return {
        {"entry_throws", State::refused, Step::load,
         "hostile.so: its entry threw 'no paper in the printer'" + expected},
        {"entry_throws_int", State::refused, Step::load,
         "hostile.so: its entry threw something that is no std::exception" + expected},
        {"entry_gives_nothing", State::refused, Step::load,
         "hostile.so: its entry gave nothing" + expected},
        {"start_is_missing", State::refused, Step::load,
         "hostile.so: its entry gave nothing" + expected},
        {"migration_fails", State::failed, Step::migrate,
         "the migration hostile/2026-01-01-00-00-create-things failed: "},
        {"start_gives_nothing", State::failed, Step::construct,
         "hostile: its start function made no module" + mend},
        {"constructor_throws", State::failed, Step::construct,
         "hostile: its constructor threw 'no paper in the printer'" + mend},
        {"constructor_throws_int", State::failed, Step::construct,
         "hostile: its constructor threw something that is no std::exception" + mend},
        {"route_unstated", State::failed, Step::construct,
         "route GET /api/v1/unstated of module \"hostile\" does not say who may call it: add "
         ".scope(\"...\") with a name, or .open()"},
        {"route_taken", State::failed, Step::construct,
         "modules \"good\" and \"hostile\" both claim GET /api/v1/greeting: disable one of them or "
         "change its route"},
        {"health_refuses", State::failed, Step::health,
         "hostile: its health check says that it cannot work (the printer is on fire)" + mend},
        {"health_throws", State::failed, Step::health,
         "(it threw 'no paper in the printer')" + mend},
        {"health_throws_int", State::failed, Step::health,
         "(it threw something that is no std::exception)" + mend},
    };
}

// hostile.so, one that needs it, and one that does not.
class HostileSite : public Site {
public:
    explicit HostileSite(const std::string& place) : Site{"good"} {
        put("hostile.so", test::hostile(place));
        put("victim.so", test::renamed(test::hostile("nowhere"), "victim", {"hostile"}));
    }
};

constexpr auto tables = "[module.good]\n[module.hostile]\n[module.victim]\n";

}  // namespace

TEST_CASE("a module that fails is left out with those that need it; the others serve") {
    const auto expected = GENERATE(from_range(misbehaviours()));
    const HostileSite site(expected.place);

    const auto generation = site.start(tables);

    INFO(expected.place);
    REQUIRE(generation);
    CHECK(status_of(**generation, "hostile").state == expected.state);
    CHECK_THAT(status_of(**generation, "hostile").reason, Catch::Contains(expected.reason));
    CHECK(status_of(**generation, "victim").state == State::blocked);
    CHECK_THAT(status_of(**generation, "victim").reason,
               Catch::StartsWith("victim needs hostile, which "));
    CHECK(status_of(**generation, "good").state == State::running);
    CHECK(get(**generation, "/api/v1/greeting").status == 200);
    CHECK(get(**generation, "/api/v1/calm").status == 404);
}

TEST_CASE("a generation that is wanted whole is refused at the step and module that failed") {
    const auto expected = GENERATE(from_range(misbehaviours()));
    const HostileSite site(expected.place);
    module::Stage last;
    const module::Start start{.terms = {.whole = true},
                              .on_stage = [&](const module::Stage& stage) { last = stage; }};

    const auto generation = site.start(tables, start);

    INFO(expected.place);
    REQUIRE_FALSE(generation);
    CHECK_THAT(generation.error().message, Catch::Contains(expected.reason));
    CHECK(last.step == expected.step);
    CHECK(last.module == "hostile");
}

TEST_CASE("what does not run already is excused from a whole generation") {
    const HostileSite site("constructor_throws");
    const module::Start start{.terms = {.whole = true, .excused = {"hostile", "victim"}}};

    const auto generation = site.start(tables, start);

    REQUIRE(generation);
    CHECK(status_of(**generation, "hostile").state == State::failed);
    CHECK(get(**generation, "/api/v1/greeting").status == 200);
}

TEST_CASE(
    "a module whose health check refuses shows in /ready and keeps nobody else from serving") {
    const Site site;
    site.put("calm.so", test::renamed(test::hostile("nowhere"), "calm"));
    const auto generation = site.start("[module.calm]\n");
    REQUIRE(generation);
    const auto sick = site.write("sick", "");
    ::setenv("BULKHEAD_SICK", sick.c_str(), 1);

    const auto ready = get(**generation, "/ready");

    ::unsetenv("BULKHEAD_SICK");
    CHECK(ready.status == 200);
    CHECK(ready.body == R"({"status":"ok","checks":{"database":"ok","calm":"unhealthy"}})");
}

TEST_CASE("a module that needs an excused one is not excused with it") {
    const HostileSite site("constructor_throws");
    module::Stage last;
    const module::Start start{.terms = {.whole = true, .excused = {"hostile"}},
                              .on_stage = [&](const module::Stage& stage) { last = stage; }};

    const auto generation = site.start(tables, start);

    REQUIRE_FALSE(generation);
    CHECK(generation.error().message ==
          "victim needs hostile, which has failed; see its own reason.");
    CHECK(last.module == "victim");
}

TEST_CASE("an edited migration leaves its module out, what it made stays") {
    const Site site;
    site.put("hostile.so", test::hostile("migration_first"));
    REQUIRE(site.start("[module.hostile]\n"));
    site.put("hostile.so", test::hostile("migration_edited"));

    const auto generation = site.start("[module.hostile]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "hostile").state == State::failed);
    CHECK_THAT(status_of(**generation, "hostile").reason,
               Catch::Contains("hostile/2026-01-01-00-00-create-things was edited") &&
                   Catch::Contains("restore the file"));
}

TEST_CASE("an older module lives with a later expand migration, not with a contract one") {
    const auto [migration_class, state] = GENERATE(
        table<std::string, State>({{"expand", State::running}, {"contract", State::failed}}));
    const Site site;
    site.put("hostile.so", test::hostile("nowhere"));
    const auto newer = site.start("[module.hostile]\n");
    REQUIRE(newer);
    const auto recorded = db::Database((*newer)->pool()).transaction([&](db::Session& sql) {
        sql.run(
            "insert into schema_migrations (module, name, checksum, class, down_text, applied_at, "
            "duration_us) values ('hostile', '2027-01-01-00-00-later', 'x', :class, '', "
            "'2027-01-01T00:00:00.000000Z', 1)",
            {{"class", migration_class}});
        return Result<>(Done{});
    });
    REQUIRE(recorded);

    const auto older = site.start("[module.hostile]\n");

    REQUIRE(older);
    CHECK(status_of(**older, "hostile").state == state);
    if (state == State::failed)
        CHECK_THAT(status_of(**older, "hostile").reason,
                   Catch::Contains("hostile/2027-01-01-00-00-later"));
}
