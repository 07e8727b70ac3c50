#include "module/supervisor.hpp"

#include "supervised.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

#include <csignal>

namespace bulkhead::module {

TEST_CASE("a first generation that does not become ready ends the supervisor with its reason") {
    const auto [behaviour, sentence] = GENERATE(table<std::string, std::string>(
        {{refusing, "bulkhead: the database is on fire\n"},
         {silent, "bulkhead: configure: the worker ended with exit status 3\n"},
         {"kill -9 $$", "bulkhead: configure: the worker was ended by signal 9 (Killed)\n"}}));
    Supervised supervised(behaviour);
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors == sentence);
}

TEST_CASE("a program that cannot be executed is named") {
    Supervised supervised(obedient);
    std::filesystem::remove(supervised.path("program"));
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors.find(supervised.path("program") + " cannot be started: No such file") !=
          std::string::npos);
}

TEST_CASE("a generation that is not ready within server.ready_seconds is killed") {
    Supervised supervised(hanging);
    supervised.configure("ready_seconds = 1\n");
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors.find("was not ready within 1 s") != std::string::npos);
}

TEST_CASE("a worker inherits the sockets, its channel, its configuration and nothing else") {
    Supervised supervised("echo descriptors: $(ls /proc/self/fd);" + ready);
    const int stray = ::open("/dev/null", O_RDONLY);
    Process supervisor([&] { return supervised.supervise(); });

    const auto line = supervisor.wait_for_line("descriptors:");

    CHECK(line == "descriptors: 0 1 2 3 4 5 6");  // 6 is the folder that ls itself reads.
    ::close(stray);
}

TEST_CASE("SIGTERM and SIGINT end the workers and then the supervisor") {
    const auto number = GENERATE(SIGTERM, SIGINT);
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(number);
    const auto ended = supervisor.wait();

    CHECK(ended.status == 0);
    CHECK(ended.errors.empty());
    CHECK(ends(worker));
}

TEST_CASE("a worker that is being started when the end comes ends too") {
    Supervised supervised(hanging);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation starting"));

    supervisor.signal(SIGTERM);

    CHECK(supervisor.wait().status == 0);
    CHECK(ends(worker));
}

TEST_CASE("a worker that dies is replaced at once, then after growing pauses") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    std::vector<std::int64_t> pauses;
    std::vector<std::int64_t> generations;

    for (int death = 0; death < 4; ++death) {
        const auto ready = supervisor.wait_for_line("generation ready");
        generations.push_back(number_in(ready, "generation"));
        ::kill(pid_in(ready), SIGKILL);
        const auto died = supervisor.wait_for_line("the worker died");
        pauses.push_back(number_in(died, "pause_milliseconds"));
    }
    supervisor.wait_for_line("generation ready");

    CHECK(generations == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(pauses == std::vector<std::int64_t>{0, 50, 100, 200});
}

TEST_CASE("a replacement that fails is tried again until one is ready") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto first = pid_in(supervisor.wait_for_line("generation ready"));

    supervised.behave_as(refusing);
    ::kill(first, SIGKILL);
    const auto failed = supervisor.wait_for_line("the generation failed");
    supervised.behave_as(obedient);
    const auto ready = supervisor.wait_for_line("generation ready");

    CHECK(failed.find("the database is on fire") != std::string::npos);
    CHECK(pid_in(ready) != first);
}

TEST_CASE("SIGHUP starts the next generation and ends the one before once it is ready") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto first = supervisor.wait_for_line("generation ready");

    supervised.change();
    supervisor.signal(SIGHUP);
    const auto second = supervisor.wait_for_line("generation ready");
    const auto ended = supervisor.wait_for_line("generation ended");

    CHECK(number_in(second, "generation") == 2);
    CHECK(pid_in(ended) == pid_in(first));
    CHECK(ends(pid_in(first)));
    CHECK(::kill(pid_in(second), 0) == 0);
}

TEST_CASE("a next generation that fails leaves the running one alone") {
    const auto [behaviour, reason] = GENERATE(table<std::string, std::string>(
        {{refusing, "the database is on fire"}, {silent, "the worker ended with exit status 3"}}));
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto running = pid_in(supervisor.wait_for_line("generation ready"));

    supervised.behave_as(behaviour);
    supervised.change();
    supervisor.signal(SIGHUP);
    const auto failed = supervisor.wait_for_line("the next generation failed");

    CHECK(failed.find(reason) != std::string::npos);
    CHECK(::kill(running, 0) == 0);
    CHECK(supervisor.count_of("generation draining") == 0);
}

TEST_CASE("a configuration that is refused starts nothing, and the corrected one does") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");

    supervised.configure("drain_secnods = 0\n");
    supervised.change();
    supervisor.signal(SIGHUP);
    const auto refused = supervisor.wait_for_line("configuration is refused");
    supervised.configure("drain_seconds = 0\n");
    supervised.change();
    supervisor.signal(SIGHUP);
    const auto ready = supervisor.wait_for_line("generation ready");

    CHECK(refused.find("drain_secnods") != std::string::npos);
    CHECK(number_in(ready, "generation") == 2);
}

TEST_CASE("a changed server.listen is reported as needing a restart") {
    Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");

    std::ofstream(supervised.path("plugins.toml")) << "[server]\nlisten = \"127.0.0.1:9\"\n";
    supervised.change();
    supervisor.signal(SIGHUP);
    const auto warning = supervisor.wait_for_line("server.listen has changed");
    const auto ready = supervisor.wait_for_line("generation ready");

    CHECK(warning.find(R"("running":"127.0.0.1:0","wanted":"127.0.0.1:9")") != std::string::npos);
    CHECK(number_in(ready, "generation") == 2);
}

TEST_CASE("several SIGHUPs while a generation starts become one more generation") {
    Supervised supervised(gated);
    Process supervisor([&] { return supervised.supervise(); });
    supervised.open_gate();
    supervisor.wait_for_line("generation ready");

    supervised.change();
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation starting");
    for (int times = 0; times < 5; ++times)
        supervised.change(), supervisor.signal(SIGHUP);
    supervised.open_gate();
    supervisor.wait_for_line("generation ready");
    supervised.open_gate();
    const auto last = supervisor.wait_for_line("generation ready");
    supervisor.signal(SIGTERM);
    supervisor.wait();

    CHECK(number_in(last, "generation") == 3);
    CHECK(supervisor.count_of("generation starting") == 3);
}

TEST_CASE("a third generation to drain waits until one of the two before has ended") {
    Supervised supervised(lingering);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervised.change();
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(obedient);
    supervised.change();
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation ready");

    supervised.change();
    supervisor.signal(SIGHUP);
    supervised.open_gate();
    supervisor.wait_for_line("generation ended");
    const auto starting = supervisor.wait_for_line("generation starting");

    CHECK(number_in(starting, "generation") == 4);
}

TEST_CASE("a generation that does not end within its drain limit is killed") {
    Supervised supervised(deaf);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(SIGTERM);
    const auto ended = supervisor.wait();

    CHECK(ended.status == 0);
    CHECK(ended.output.find("is over its time and is killed") != std::string::npos);
    CHECK(ends(worker));
}

TEST_CASE("no worker survives a supervisor that is killed") {
    Supervised supervised(deaf);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(SIGKILL);

    CHECK(ends(worker));
}

}  // namespace bulkhead::module
