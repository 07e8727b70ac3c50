#include "module/supervisor.hpp"

#include "supervised.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <optional>

// When a generation that has become ready has to go again, and what is remembered of it.

namespace bulkhead::module {
namespace {

const std::string failing =
    ready + R"(echo '{"counts":{"replies":20,"failures":3}}' >&4; exec sleep 1000)";
const std::string crashing = ready + "kill -SEGV $$";
const std::string printing =
    "read -r terms <&4; echo \"terms: $terms text: $(cat /proc/self/fd/5)\";" + obedient;

// Ends at the construction of `good` unless it is told to leave it out.
const std::string allergic =
    R"sh(read -r terms <&4; case "$terms" in *'"quarantined":[]'*)
         echo '{"entered":{"step":"construct","module":"good"}}' >&4; kill -SEGV $$;; esac;
    )sh" +
    obedient;

std::string with_module(const std::string& server) {
    return server + "[modules]\ndirectory = \"" BULKHEAD_FIXTURES_DIR "\"\n[module.good]\n";
}

ApplyOutcome apply(const Supervised& supervised, const AdminRequest& request) {
    const auto answer = ask(supervised.configuration(), request, std::chrono::seconds(30),
                            [](const AdminAnswer&) {});
    REQUIRE(answer);
    REQUIRE(*answer);
    return (*answer)->outcome.value();
}

}  // namespace

TEST_CASE("an applied generation that fails or crashes on probation is rolled back") {
    const auto [behaviour, reason] = GENERATE(table<std::string, std::string>(
        {{failing, "3 of its first 20 replies were 500 or 504"},
         {crashing, "its worker ended within server.probation_seconds (signal 11"}}));
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(behaviour);
    supervised.configure("workers = 11\n");

    supervisor.signal(SIGHUP);
    const auto rolled_back = supervisor.wait_for_line("the generation is rolled back");
    supervised.behave_as(printing);
    const auto outcome = apply(supervised, {AdminCommand::apply});

    CHECK_THAT(rolled_back, Catch::Contains(reason));
    CHECK_FALSE(outcome.applied);
    CHECK_THAT(outcome.reason, Catch::Contains("rolled back before") && Catch::Contains(reason));
}

TEST_CASE("the last good set is started from its own text, not from the file") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(ready + "read -r _ <gate; kill -SEGV $$");
    supervised.configure("workers = 11\n");

    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(printing);
    supervised.open_gate();
    const auto terms = supervisor.wait_for_line("terms:");
    const auto text = supervisor.wait_for_line("drain_seconds");

    CHECK_THAT(terms, Catch::Contains(R"("generation":3)"));
    CHECK(text == "drain_seconds = 0");
}

TEST_CASE("a set that was rolled back is tried again when a file has changed, or on request") {
    const bool changed = GENERATE(true, false);
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(crashing);
    supervised.change();
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("the generation is rolled back");
    supervised.behave_as(obedient);

    if (changed)
        supervised.change();
    const auto outcome = apply(supervised, {AdminCommand::apply, !changed});

    CHECK(outcome.applied);
    CHECK(outcome.started);
}

TEST_CASE("whoever waits for the probation hears how it ended") {
    const auto [behaviour, applied] =
        GENERATE(table<std::string, bool>({{obedient, true}, {crashing, false}}));
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(behaviour);
    supervised.configure("probation_seconds = 1\n");

    const auto outcome = apply(supervised, {AdminCommand::apply, false, true});

    CHECK(outcome.applied == applied);
}

TEST_CASE("a restarted supervisor remembers what was rolled back") {
    Supervised supervised(obedient);
    {
        Process supervisor([&] { return supervised.supervise(); });
        supervisor.wait_for_line("generation ready");
        supervised.behave_as(crashing);
        supervised.configure("workers = 11\n");
        supervisor.signal(SIGHUP);
        supervisor.wait_for_line("the generation is rolled back");
        supervisor.signal(SIGKILL);
        supervisor.wait();
    }
    supervised.behave_as(printing);

    Process supervisor([&] { return supervised.supervise(); });
    const auto told = supervisor.wait_for_line("the last good one starts instead");
    const auto text = supervisor.wait_for_line("drain_seconds");
    supervisor.wait_for_line("generation ready");

    CHECK_THAT(told, Catch::Contains("signal 11"));
    CHECK(text == "drain_seconds = 0");
}

TEST_CASE("a module that ends its workers is left out from the attempt that was one too many") {
    Supervised supervised(allergic);
    supervised.configure(with_module("start_attempts = 2\n"));
    Process supervisor([&] { return supervised.supervise(); });

    const auto quarantined = supervisor.wait_for_line("module quarantined");
    supervisor.wait_for_line("generation ready");
    const auto status = ask_status(supervised.configuration());

    CHECK_THAT(quarantined, Catch::Contains("good: construct: the worker was ended by signal 11"));
    CHECK(supervisor.count_of("the generation failed") == 2);
    REQUIRE((*status)->quarantined.size() == 1);
    CHECK((*status)->quarantined[0].name == "good");
}

TEST_CASE("what is quarantined stays so in the next server, until it is released") {
    Supervised supervised(allergic);
    supervised.configure(with_module("start_attempts = 1\n"));
    std::optional<Process> supervisor(std::in_place, [&] { return supervised.supervise(); });
    supervisor->wait_for_line("generation ready");
    supervisor->signal(SIGTERM);
    supervisor->wait();

    supervisor.emplace([&] { return supervised.supervise(); });
    supervisor->wait_for_line("generation ready");
    const auto failures = supervisor->count_of("the generation failed");
    const auto outcome = apply(supervised, {AdminCommand::apply, true});

    CHECK(failures == 0);
    CHECK_FALSE(outcome.applied);  // Released, it is tried, and does it again.
    CHECK_THAT(outcome.reason, Catch::Contains("good: construct:"));
}

}  // namespace bulkhead::module
