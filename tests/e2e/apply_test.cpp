// `bulkhead apply` against the real program: a fault at each step leaves what serves alone.

#include "e2e/workshop.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <sys/un.h>

#include <csignal>

namespace {

using bulkhead::test::fixture;
using bulkhead::test::hostile;
using bulkhead::test::note_text;
using bulkhead::test::patched;
using bulkhead::test::with_note_text;

std::string for_another_sdk() {
    const auto bytes = hostile("nowhere");
    return with_note_text(bytes, patched(note_text(bytes), "sdk_major=1", "sdk_major=9"));
}

std::string with_missing_symbol() {
    return patched(hostile("nowhere"), "_ZN8bulkhead6ModuleD2Ev", "_ZN8bulkhead6ModuleD9Ev");
}

std::string with_level(std::string text, const std::string& level) {
    const std::string above = "access = false\n";
    return text.replace(text.find(above), above.size(), above + "level = \"" + level + "\"\n");
}

}  // namespace

TEST_CASE("a fault at any step leaves the old generation serving, and is told with its place") {
    struct Fault {
        std::string bytes, place, reason, server{};
    };
    const auto fault = GENERATE(values<Fault>(
        {{for_another_sdk(), "gate hostile: ", "expected '1."},
         {with_missing_symbol(), "load hostile: ", "undefined symbol"},
         {hostile("static_throws"), "load hostile: ", "was ended by signal 6 (Aborted)"},
         {hostile("entry_aborts"), "load hostile: ", "was ended by signal 6 (Aborted)"},
         {hostile("migration_fails"), "migrate hostile: ", "create-things failed"},
         {hostile("constructor_throws"), "construct hostile: ", "no paper in the printer"},
         {hostile("constructor_exits"), "construct hostile: ", "ended with exit status 7"},
         {hostile("constructor_aborts"), "construct hostile: ", "was ended by signal 6 (Aborted)"},
         {hostile("constructor_hangs"), "construct hostile: ", "not ready within 1 s",
          "ready_seconds = 1\n"},
         {hostile("health_refuses"), "health hostile: ", "the printer is on fire"},
         {"no module at all", "gate hostile: ", "hostile.so"}}));
    Workshop shop({.seeded = true});
    const auto before = shop.face();

    shop.put("hostile", fault.bytes);
    shop.configure(fault.server);
    const auto ended = shop.run({"apply"});

    CAPTURE(ended.output, ended.errors);
    CHECK(ended.status == 1);
    CHECK(ended.errors.starts_with("bulkhead: " + fault.place));
    CHECK_THAT(ended.errors, Catch::Contains(fault.reason));
    CHECK_THAT(ended.errors, Catch::Contains("; generation 1 goes on"));
    CHECK(shop.face() == before);
    CHECK(::kill(shop.server().first_worker(), 0) == 0);
    CHECK(shop.server().process().count_of("generation draining") == 0);
}

TEST_CASE("a configuration that cannot be read is refused before anybody is asked") {
    Workshop shop;

    shop.configure("workres = 8\n");
    const auto ended = shop.run({"apply"});

    CHECK(ended.status == 1);
    CHECK_THAT(ended.errors, Catch::Contains("configure: ") && Catch::Contains("workres"));
    CHECK(shop.get("/health").status == 200);
    CHECK(shop.server().process().count_of("generation starting") == 1);
}

TEST_CASE("migrations that were applied before another module failed stay and are told") {
    Workshop shop;
    shop.put("hostile", hostile("constructor_throws"));
    shop.put("zealous", bulkhead::test::renamed(hostile("migration_first"), "zealous"));
    shop.configure("", "[module.zealous]\n");

    const auto ended = shop.run({"apply"});

    CHECK(ended.status == 1);
    CHECK_THAT(
        ended.errors,
        Catch::Contains("stays, and it accepts that: zealous/2026-01-01-00-00-create-things"));
    CHECK(shop.get("/api/v1/calm").status == 200);
}

TEST_CASE("apply shows its steps and ends when the new generation serves") {
    Workshop shop;
    shop.put("good", fixture("good"));
    shop.configure("", "[module.good]\n");

    const auto ended = shop.run({"apply"});
    const auto greeting = shop.get("/api/v1/greeting");

    CAPTURE(ended.output, ended.errors);
    CHECK(ended.status == 0);
    for (const auto* step : {"gate\n", "load good 1.2.3\n", "construct good\n", "health good\n",
                             "serve\n", "generation 2 ready in "})
        CHECK_THAT(ended.output, Catch::Contains(step));
    CHECK(greeting.status == 200);
}

TEST_CASE("apply speaks JSON, one object a line, the last one its outcome") {
    Workshop shop;
    shop.configure("workers = 9\n");

    const auto ended = shop.run({"apply", "--json"});

    const auto end = ended.output.find_last_of('\n', ended.output.size() - 2);
    const auto outcome = boost::json::parse(ended.output.substr(end + 1));
    CHECK(ended.status == 0);
    CHECK(outcome.at("applied").as_bool());
    CHECK(outcome.at("generation").as_int64() == 2);
}

TEST_CASE("what serves already is not started again") {
    Workshop shop;

    const auto ended = shop.run({"apply"});

    CHECK(ended.status == 0);
    CHECK(ended.output == "nothing has changed\n");
    CHECK(shop.server().process().count_of("generation starting") == 1);
}

TEST_CASE("a log level is changed in the generation that serves") {
    Workshop shop;
    const auto& deployment = shop.server().deployment();
    const auto text = bulkhead::test::bytes_of(deployment.config());
    deployment.configure_as(with_level(text, "info"));
    const auto level_added = shop.run({"apply"});
    const auto starts = shop.server().process().count_of("generation starting");

    deployment.configure_as(with_level(text, "debug"));
    const auto ended = shop.run({"apply"});
    const auto changed = shop.server().process().wait_for_line("log level changed");
    const auto planned = shop.run({"plan"});

    CHECK(level_added.status == 0);
    CHECK(ended.status == 0);
    CHECK(ended.output == "log.level is debug now, without a new generation\n");
    CHECK_THAT(changed, Catch::Contains(R"("level":"debug")"));
    CHECK_THAT(planned.output, Catch::EndsWith("nothing to do\n"));
    CHECK(shop.server().process().count_of("generation starting") == starts);
}

TEST_CASE("without a server there is nothing to apply to") {
    const Deployment deployment;

    const auto ended = deployment.run({"apply"});

    CHECK(ended.status == 1);
    CHECK(ended.errors ==
          "bulkhead: no server runs for this configuration; start it with `bulkhead serve`\n");
}

TEST_CASE("a changed address is told, and takes a restart") {
    Workshop shop;
    auto text = bulkhead::test::bytes_of(shop.server().deployment().config());
    shop.server().deployment().configure_as(patched(text, "127.0.0.1:0", "127.0.0.1:9"));

    const auto ended = shop.run({"apply"});

    CHECK(ended.status == 0);
    CHECK_THAT(ended.output, Catch::Contains("server.listen has changed; restart the server"));
    CHECK(shop.get("/health").status == 200);
}

TEST_CASE("a data folder has one server, and its socket is for its user alone") {
    Workshop shop;
    const auto socket = shop.server().deployment().folder() / "var/admin.sock";
    struct stat found{};

    const auto second = shop.run({"serve"});
    ::stat(socket.c_str(), &found);

    CHECK(second.status == 1);
    CHECK_THAT(second.errors,
               Catch::Contains("another server runs on this data folder") &&
                   Catch::Contains("pid " + std::to_string(shop.server().process().pid())));
    CHECK((found.st_mode & 07777) == 0600);
}

TEST_CASE("a data folder whose path is longer than a socket's address works") {
    const std::string folder(150, 'd');
    RunningServer server({.server = "data = \"" + folder + "/" + folder + "\"\n"});

    const auto ended = server.deployment().run({"apply"});

    CHECK(ended.status == 0);
    CHECK(ended.output == "nothing has changed\n");
}

TEST_CASE("a server that is killed while it applies leaves nothing in the way of the next") {
    Workshop shop({.server = "ready_seconds = 30\n"});
    shop.put("hostile", hostile("constructor_hangs"));
    Process applying(BULKHEAD_PROGRAM, {"apply", "--config", shop.server().deployment().config()});
    const auto starting = static_cast<pid_t>(
        number_in(shop.server().process().wait_for_line("generation starting"), "pid"));
    applying.wait_for_line("construct hostile");

    shop.server().process().signal(SIGKILL);
    const auto applied = applying.wait();
    const bool dead = ends(starting) && ends(shop.server().first_worker());
    shop.put("hostile", hostile("nowhere"));
    Process next(BULKHEAD_PROGRAM, {"serve", "--config", shop.server().deployment().config()});
    next.wait_for_line("generation ready");
    const auto again = shop.run({"apply"});

    CHECK(applied.status == 1);
    CHECK_THAT(applied.errors, Catch::Contains("has ended"));
    CHECK(dead);
    CHECK(again.status == 0);
}
