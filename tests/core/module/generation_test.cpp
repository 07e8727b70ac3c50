#include "module/generation.hpp"

#include "core/module/fixtures/greeting.hpp"
#include "core/module/site.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace bulkhead;
using module::State;
using test::get;
using test::Site;
using test::status_of;

TEST_CASE("modules run, offer, use and serve") {
    const Site site{"good", "guest"};

    const auto generation = site.start("[module.good]\n[module.guest]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::running);
    CHECK(status_of(**generation, "guest").state == State::running);
    CHECK(status_of(**generation, "guest").needs == std::vector<std::string>{"good"});
    REQUIRE((*generation)->find<fixtures::Greeting>() != nullptr);
    CHECK((*generation)->find<fixtures::Greeting>()->greet() == "Good day.");
    CHECK((*generation)->find("good.greeting/2") == nullptr);
    CHECK_THAT(get(**generation, "/api/v1/greeting").body, Catch::Contains("Good day."));
}

TEST_CASE("a file's code runs once it is admitted, and from a copy that nobody else can write") {
    const Site site{"good"};
    const auto canary = site.folder() / "canary";
    // Other bytes than the other tests load: equal content is loaded once in a process.
    std::ofstream(site.folder() / "modules/good.so", std::ios::app | std::ios::binary) << "fresh";
    ::setenv("BULKHEAD_CANARY", canary.c_str(), 1);

    const auto generation = site.start("[module.good]\n");
    ::unsetenv("BULKHEAD_CANARY");

    REQUIRE(generation);
    CHECK(std::filesystem::exists(canary));
    const auto copies = site.folder() / "var/modules";
    using std::filesystem::perms;
    CHECK(std::filesystem::status(copies).permissions() == perms::owner_all);
    const auto copy = std::filesystem::directory_iterator(copies)->path();
    CHECK(copy.stem().string().size() == 64);
    CHECK(std::filesystem::status(copy).permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("a disabled module serves nothing and blocks those that need it, by name") {
    const Site site{"good", "guest"};

    const auto generation = site.start("[module.good]\nenabled = false\n[module.guest]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::disabled);
    CHECK(status_of(**generation, "guest").state == State::blocked);
    CHECK(status_of(**generation, "guest").reason ==
          "guest needs good, which is disabled; set module.good.enabled = true.");
    CHECK(get(**generation, "/api/v1/greeting").status == 404);
    CHECK(get(**generation, "/health").status == 200);
}

TEST_CASE(
    "a module whose constructor throws has failed, leaves nothing behind, and the rest runs") {
    const Site site{"good", "thrower", "follower"};

    const auto generation = site.start("[module.good]\n[module.thrower]\n[module.follower]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::running);
    CHECK(status_of(**generation, "thrower").state == State::failed);
    CHECK(status_of(**generation, "thrower").reason ==
          "thrower: its constructor threw 'no paper in the printer'; mend the module, or set "
          "module.thrower.enabled = false.");
    CHECK(status_of(**generation, "follower").state == State::blocked);
    CHECK((*generation)->find("thrower.service/1") == nullptr);
    CHECK(get(**generation, "/api/v1/thrower").status == 404);
}

TEST_CASE("using what the manifest does not need is refused, with the remedy") {
    const Site site{"good", "intruder"};

    const auto generation = site.start("[module.good]\n[module.intruder]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "intruder").state == State::failed);
    CHECK(status_of(**generation, "intruder").reason ==
          "'intruder' uses 'good.greeting/1', which is offered by 'good', a module that its "
          "manifest does not need; add \"good\" to .needs.");
}

TEST_CASE("a module whose settings are wrong is left out, with file and line") {
    const Site site{"good", "guest"};
    const auto [settings, sentence] = GENERATE(table<std::string, std::string>({
        {"chairz = 3",
         "plugins.toml:6: unknown key 'module.guest.settings.chairz'; did you mean "
         "'module.guest.settings.chairs'?"},
        {"chairs = 10", "'module.guest.settings.chairs' must be between 1 and 9; found 10"},
    }));

    const auto generation =
        site.start("[module.good]\n[module.guest]\n[module.guest.settings]\n" + settings);

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::running);
    CHECK(status_of(**generation, "guest").state == State::failed);
    CHECK_THAT(status_of(**generation, "guest").reason, Catch::Contains(sentence));
}

TEST_CASE("settings of a module that has none leave it out") {
    const Site site{"good"};

    const auto generation = site.start("[module.good]\n[module.good.settings]\nchairs = 3\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::failed);
    CHECK_THAT(status_of(**generation, "good").reason,
               Catch::Contains("unknown key 'module.good.settings.chairs'") &&
                   Catch::Contains("module 'good' has no settings"));
    CHECK(get(**generation, "/api/v1/greeting").status == 404);
}

TEST_CASE("modules are stopped in the reverse order of their start") {
    const Site site{"good", "guest"};
    const auto endings = site.folder() / "endings";
    ::setenv("BULKHEAD_ENDINGS", endings.c_str(), 1);
    auto generation = site.start("[module.good]\n[module.guest]\n");
    REQUIRE(generation);

    generation->reset();

    ::unsetenv("BULKHEAD_ENDINGS");
    std::ifstream file(endings);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "guest\ngood\n");
}

TEST_CASE("a data folder that cannot be written is told in a sentence") {
    const Site site{"good"};
    std::ofstream(site.folder() / "blocked") << "a file, not a folder";
    std::ofstream(site.folder() / "modules/good.so", std::ios::app) << site.folder();

    const auto generation =
        site.start("[module.good]\n[server]\ndata = \"blocked\"\n[database]\nurl = \"sqlite://b\"");

    REQUIRE_FALSE(generation);
    CHECK_THAT(generation.error().message,
               Catch::StartsWith("cannot keep a private copy of good.so in "));
}

TEST_CASE("/ready tells the database and every module of plugins.toml") {
    const Site site{"good", "thrower"};
    const auto generation = site.start("[module.good]\n[module.thrower]\n");
    REQUIRE(generation);

    const auto ready = get(**generation, "/ready");
    (*generation)->announce_end();
    const auto ending = get(**generation, "/ready");

    CHECK(ready.status == 200);
    CHECK(ready.body ==
          R"({"status":"ok","checks":{"database":"ok","good":"running","thrower":"failed"}})");
    CHECK(ending.status == 503);
    CHECK_THAT(ending.body, Catch::StartsWith(R"({"status":"unavailable",)") &&
                                Catch::Contains(R"("generation":"ending")"));
}

TEST_CASE("/health, /metrics and /openapi.json answer in their own shapes") {
    const Site site{"good"};
    const auto generation = site.start("[module.good]\n");
    REQUIRE(generation);
    (*generation)->observe([] { return std::string("bulkhead_http_connections 7\n"); });
    get(**generation, "/api/v1/greeting");

    const auto health = get(**generation, "/health");
    const auto metrics = get(**generation, "/metrics");
    const auto openapi = get(**generation, "/openapi.json");

    CHECK(health.body == R"({"status":"ok"})");
    CHECK(metrics.content_type == "text/plain; version=0.0.4; charset=utf-8");
    for (const auto* line : {
             "bulkhead_http_requests_total{module=\"good\",method=\"GET\",route=\"/api/v1/"
             "greeting\",status_class=\"2xx\"} 1",
             "bulkhead_http_request_duration_seconds_count{module=\"good\",method=\"GET\",route="
             "\"/api/v1/greeting\"} 1",
             "le=\"+Inf\"",
             "bulkhead_module_in_flight{module=\"good\"} 0",
             "bulkhead_module_queued{module=\"core\"} 0",
             "bulkhead_db_pool_waiting 0",
             "# TYPE bulkhead_cache_reads_total counter",
             "bulkhead_module_state{module=\"good\",state=\"running\"} 1",
             "bulkhead_module_state{module=\"good\",state=\"failed\"} 0",
             "bulkhead_http_connections 7",
         })
        CHECK_THAT(metrics.body, Catch::Contains(line));
    CHECK_THAT(openapi.body, Catch::Contains(R"("/api/v1/greeting")"));
}

TEST_CASE("the migrations of the core come first") {
    const Site site{"good"};
    const auto generation = site.start("[module.good]\n");
    REQUIRE(generation);

    const auto sets = (*generation)->migration_sets();

    REQUIRE(sets.size() == 2);
    CHECK(sets.front().module == "core");
    CHECK(sets.back().module == "good");
}
