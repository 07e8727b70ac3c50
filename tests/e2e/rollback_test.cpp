// A generation that becomes ready and is bad all the same; modules that will not start; --safe.

#include "e2e/workshop.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace {

using bulkhead::test::fixture;
using bulkhead::test::hostile;

constexpr auto* quick_judgement = "probation_replies = 5\n";

/// A server with `faulty` applied, after what serves without it has been looked at.
struct Spoilt {
    explicit Spoilt(const std::string& server_lines = {})
        : shop({.seeded = true, .server = quick_judgement + server_lines}), face(shop.face()) {
        shop.put("faulty", fixture("faulty"));
        shop.configure("", "[module.faulty]\n");
        applied = shop.run({"apply"});
        shop.server().next_worker();
    }

    Process& process() { return shop.server().process(); }
    void fail_often() const {
        for (int times = 0; times < 10; ++times)
            shop.get("/api/v1/faulty/fail");
    }
    // The answer is whatever the end of the process leaves of it.
    void crash() const {
        RawClient client(shop.server().port());
        client.send("GET /api/v1/faulty/crash HTTP/1.1\r\nHost: localhost\r\n\r\n");
        try {
            client.read_to_eof();
        } catch (const std::runtime_error&) {
            return;
        }
    }

    Workshop shop;
    std::vector<std::string> face;
    Ended applied{};
};

}  // namespace

TEST_CASE("a generation whose replies fail too often gives way to the last good set") {
    Spoilt spoilt;

    spoilt.fail_often();
    const auto why = spoilt.process().wait_for_line("the generation is rolled back");
    const auto bad = spoilt.process().wait_for_line("generation ready");
    spoilt.process().wait_for_line("generation ended");

    CHECK(spoilt.applied.status == 0);
    CHECK_THAT(why, Catch::Contains("replies were 500 or 504"));
    CHECK(number_in(bad, "generation") == 3);
    CHECK(spoilt.shop.face() == spoilt.face);
}

TEST_CASE("a crash on probation gives way to the last good set, connections waiting meanwhile") {
    Spoilt spoilt;

    spoilt.crash();
    const auto face = spoilt.shop.face();
    const auto why = spoilt.process().wait_for_line("the generation is rolled back");

    CHECK_THAT(why, Catch::Contains("signal 11"));
    CHECK(face == spoilt.face);
}

TEST_CASE("what was rolled back is refused until a file changes or it is asked for again") {
    Spoilt spoilt;
    spoilt.crash();
    spoilt.process().wait_for_line("generation ready");

    const auto refused = spoilt.shop.run({"apply"});
    const auto retried = spoilt.shop.run({"apply", "--retry"});
    spoilt.process().wait_for_line("generation ready");
    spoilt.crash();
    spoilt.process().wait_for_line("generation ready");
    spoilt.shop.put("faulty", fixture("faulty") + "changed");
    const auto changed = spoilt.shop.run({"apply"});

    CHECK(refused.status == 1);
    CHECK_THAT(refused.errors, Catch::Contains("this set was rolled back before") &&
                                   Catch::Contains("bulkhead apply --retry"));
    CHECK(retried.status == 0);
    CHECK(changed.status == 0);
}

TEST_CASE("a restarted server starts the last good set instead of one that was rolled back") {
    Spoilt spoilt;
    spoilt.crash();
    spoilt.process().wait_for_line("generation ready");
    spoilt.process().signal(SIGTERM);
    spoilt.process().wait();

    Process next(BULKHEAD_PROGRAM,
                 {"serve", "--config", spoilt.shop.server().deployment().config()});
    next.wait_for_line("the last good one starts instead");
    next.wait_for_line("generation ready");
    next.signal(SIGTERM);
    const auto ended = next.wait();

    CHECK(ended.status == 0);
    CHECK_THAT(ended.errors, Catch::Contains("was rolled back before"));
    CHECK_THAT(ended.output, !Catch::Contains(R"("module running","name":"faulty")"));
}

TEST_CASE("a generation that has passed its probation is replaced by itself") {
    Spoilt spoilt("probation_seconds = 0\n");

    spoilt.crash();
    spoilt.process().wait_for_line("generation ready");

    CHECK(spoilt.process().count_of("the generation is rolled back") == 0);
    CHECK(spoilt.shop.get("/api/v1/faulty/fail").status == 500);
}

TEST_CASE("a module that ends every start is left out from the last attempt on") {
    const auto place =
        GENERATE(as<std::string>(), "entry_aborts", "constructor_exits", "constructor_hangs");
    Workshop shop({.server = "start_attempts = 2\nready_seconds = 2\n"}, place);

    const auto ready = shop.get("/ready");
    const auto apply = shop.run({"apply"});
    shop.put("hostile", hostile("nowhere"));
    const auto mended = shop.run({"apply"});

    CHECK(shop.server().process().count_of("the generation failed") == 2);
    CHECK_THAT(ready.body, Catch::Contains(R"("hostile":"quarantined")"));
    CHECK_THAT(ready.body, Catch::Contains(R"("orders":"running")"));
    CHECK(apply.output == "nothing has changed\n");
    CHECK(mended.status == 0);
    CHECK(shop.get("/api/v1/calm").status == 200);
}

TEST_CASE("a dead worker is replaced from the module directory where the kept copies have gone") {
    Workshop shop;
    const auto before = shop.face();
    shop.put("hostile", "another build");
    std::filesystem::remove_all(shop.server().deployment().folder() / "var/modules");

    ::kill(shop.server().first_worker(), SIGKILL);
    shop.server().next_worker();
    const auto ready = shop.get("/ready");
    shop.put("hostile", hostile("nowhere"));
    const auto applied = shop.run({"apply"});

    CHECK_THAT(ready.body, Catch::Contains(R"("orders":"running")"));
    CHECK_THAT(ready.body, Catch::Contains(R"("hostile":"refused")"));
    CHECK(applied.status == 0);
    CHECK(shop.face() == before);
}

TEST_CASE("a file that has changed does not come with the replacement of a dead worker") {
    Workshop shop;
    const auto before = shop.face();
    shop.put("hostile", hostile("constructor_exits"));

    ::kill(shop.server().first_worker(), SIGKILL);
    shop.server().next_worker();

    CHECK(shop.face() == before);
}

TEST_CASE("in safe mode the core serves alone, whatever the modules do") {
    Workshop shop({}, "nowhere");
    shop.server().process().signal(SIGTERM);
    shop.server().process().wait();
    shop.put("hostile", hostile("entry_aborts"));
    const auto config = shop.server().deployment().config();

    Process safe(BULKHEAD_PROGRAM, {"serve", "--safe", "--config", config});
    const auto listening = safe.wait_for_line(R"("message":"listening")");
    safe.wait_for_line("generation ready");
    const auto port =
        static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1)));
    std::vector<int> statuses;
    for (const auto* path : {"/health", "/ready", "/metrics", "/api/v1/products"}) {
        RawClient client(port);
        client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        statuses.push_back(client.read_response().status);
    }
    const auto apply = shop.run({"apply"});

    CHECK(statuses == std::vector<int>{200, 200, 200, 404});
    CHECK(apply.status == 1);
    CHECK_THAT(apply.errors, Catch::Contains("--safe"));
}
