#include "module/supervisor.hpp"

#include "supervised.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <future>

// What an administrator is told, and what it does to the workers.

namespace bulkhead::module {
namespace {

const std::string stages = R"(echo '{"entered":{"step":"gate","module":""}}' >&4;)"
                           R"(echo '{"entered":{"step":"construct","module":"orders"}}' >&4;)";

struct Applied {
    std::vector<std::string> said;
    ApplyOutcome outcome;
};

// Also called on other threads, where Catch2 may not assert: throws.
Applied apply(const Supervised& supervised, const AdminRequest& request = {AdminCommand::apply}) {
    Applied applied;
    const auto answer =
        ask(supervised.configuration(), request, std::chrono::seconds(30),
            [&](const AdminAnswer& step) { applied.said.push_back(step.said.value_or("")); });
    if (!answer)
        throw std::runtime_error(answer.error().message);
    applied.outcome = answer->value().outcome.value();
    return applied;
}

}  // namespace

TEST_CASE("apply tells the steps and ends once the next generation serves") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(stages + R"(echo '{"migrated":"orders/2026-01-01-00-00-x"}' >&4;)" +
                         obedient);
    supervised.change();

    const auto applied = apply(supervised);

    CHECK(applied.outcome.applied);
    CHECK(applied.outcome.started);
    CHECK(applied.outcome.generation == 2);
    CHECK(applied.outcome.migrated == std::vector<std::string>{"orders/2026-01-01-00-00-x"});
    REQUIRE(applied.said.size() == 4);
    CHECK(applied.said[0] == "gate");
    CHECK(applied.said[1] == "construct orders");
    CHECK(applied.said[2] == "migrate orders/2026-01-01-00-00-x");
    CHECK(applied.said[3].starts_with("generation 2 ready in "));
}

TEST_CASE("what ends a starting worker is named by the stage that it was in") {
    const auto [end, reason] = GENERATE(table<std::string, std::string>(
        {{"kill -SEGV $$", "orders: construct: the worker was ended by signal 11"},
         {"exit 7", "orders: construct: the worker ended with exit status 7"},
         {"exec sleep 1000", "orders: construct: the worker was not ready within 1 s"},
         {"echo nonsense >&4; exec sleep 1000", "said what is no report"},
         {R"(echo '{"serving":7}' >&4; exec sleep 1000)", "said what is no report"},
         {"head -c 9000000 /dev/zero >&4; exec sleep 1000", "bytes in one line"},
         {R"(echo '{"refusal":"no paper"}' >&4; exit 1)", "no paper"}}));
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto running = pid_in(supervisor.wait_for_line("generation ready"));
    supervised.behave_as(stages + end);
    supervised.configure("ready_seconds = 1\n");

    const auto outcome = apply(supervised).outcome;

    CHECK_FALSE(outcome.applied);
    CHECK(outcome.generation == 1);
    REQUIRE(outcome.failed_at);
    CHECK(outcome.failed_at->step == Step::construct);
    CHECK(outcome.failed_at->module == "orders");
    CHECK_THAT(outcome.reason, Catch::Contains(reason));
    CHECK(::kill(running, 0) == 0);
    CHECK(supervisor.count_of("generation draining") == 0);
}

TEST_CASE("applying what serves already starts no generation, unless told to try again") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");

    const auto first = apply(supervised).outcome;
    const auto again = apply(supervised, {AdminCommand::apply, true}).outcome;

    CHECK(first.applied);
    CHECK_FALSE(first.started);
    CHECK(first.generation == 1);
    CHECK(first.reason == "nothing has changed");
    CHECK(again.started);
    CHECK(again.generation == 2);
}

TEST_CASE("a changed log level goes to the worker that serves") {
    Supervised supervised("read -r terms <&4;" + ready +
                          "read -r order <&4; echo told: $order; exec sleep 1000");
    supervised.configure("[log]\nlevel = \"info\"\n");
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.configure("[log]\nlevel = \"debug\"\n");

    const auto outcome = apply(supervised).outcome;
    const auto told = supervisor.wait_for_line("told:");
    const auto again = apply(supervised).outcome;

    CHECK(outcome.applied);
    CHECK_FALSE(outcome.started);
    CHECK_THAT(told, Catch::Contains(R"("log_level":"debug")"));
    CHECK(again.reason == "nothing has changed");
}

TEST_CASE("whoever applies while an apply runs gets the next one") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(gated);
    supervised.change();

    auto first = std::async(std::launch::async, [&] { return apply(supervised); });
    supervisor.wait_for_line("generation starting");
    auto second = std::async(std::launch::async, [&] { return apply(supervised); });
    supervised.open_gate();

    CHECK(first.get().outcome.generation == 2);
    CHECK(second.get().outcome.generation == 2);
}

TEST_CASE("a worker that dies is replaced beside an apply that has not become ready") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto running = pid_in(supervisor.wait_for_line("generation ready"));
    supervised.behave_as("echo begun;" + gated);
    supervised.change();
    auto later = std::async(std::launch::async, [&] { return apply(supervised).outcome; });
    supervisor.wait_for_line("begun");
    supervised.behave_as(obedient);

    ::kill(running, SIGKILL);
    const auto replaced = supervisor.wait_for_line("generation ready");
    supervised.open_gate();
    const auto outcome = later.get();

    CHECK(number_in(replaced, "generation") == 3);
    CHECK(outcome.applied);
    CHECK(outcome.generation == 2);
}

TEST_CASE("an apply that becomes ready first takes the place of the worker that died") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto running = pid_in(supervisor.wait_for_line("generation ready"));
    supervised.behave_as("echo begun;" + gated);
    supervised.change();
    auto later = std::async(std::launch::async, [&] { return apply(supervised).outcome; });
    supervisor.wait_for_line("begun");
    supervised.behave_as(std::string("echo beside;") + hanging);

    ::kill(running, SIGKILL);
    supervisor.wait_for_line("beside");
    supervised.open_gate();
    const auto outcome = later.get();
    const auto ended = supervisor.wait_for_line("generation ended");

    CHECK(outcome.applied);
    CHECK(outcome.generation == 2);
    CHECK(number_in(ended, "generation") == 3);
    CHECK(supervisor.count_of("generation ready") == 2);
}

TEST_CASE("an apply waits, and says so, while two old generations drain") {
    Supervised supervised(lingering);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.change();
    apply(supervised);
    supervised.behave_as(obedient);
    supervised.change();
    apply(supervised);
    supervised.change();

    auto third = std::async(std::launch::async, [&] { return apply(supervised); });
    supervisor.wait_for_line("the apply waits");
    supervised.open_gate();
    const auto applied = third.get();

    CHECK(applied.outcome.generation == 4);
    REQUIRE_FALSE(applied.said.empty());
    CHECK(applied.said.front() == "waits until one of the draining generations ends");
}

TEST_CASE("status tells what serves and what has happened") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto ready_line = supervisor.wait_for_line("generation ready");

    const auto status = ask_status(supervised.configuration());

    REQUIRE(status);
    REQUIRE(*status);
    CHECK((*status)->pid == supervisor.pid());
    CHECK((*status)->generation == 1);
    CHECK((*status)->worker == pid_in(ready_line));
    CHECK((*status)->on_probation);
    CHECK((*status)->draining == 0);
}

TEST_CASE("where no server runs there is no status") {
    const Supervised supervised(obedient);

    const auto status = ask_status(supervised.configuration());

    REQUIRE(status);
    CHECK_FALSE(*status);
}

TEST_CASE("a server that is told to stop while it applies answers that") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(hanging);
    supervised.change();

    auto applied = std::async(std::launch::async, [&] { return apply(supervised); });
    supervisor.wait_for_line("generation starting");
    supervisor.signal(SIGTERM);

    CHECK(applied.get().outcome.reason == "the server is stopping");
    CHECK(supervisor.wait().status == 0);
    CHECK_FALSE(std::filesystem::exists(supervised.path("var/admin.sock")));
}

}  // namespace bulkhead::module
