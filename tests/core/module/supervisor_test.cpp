#include "module/supervisor.hpp"

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

// The supervisor with workers that are shell scripts: what it does when one is ready, slow, silent,
// deaf or dead does not depend on what a worker serves.

namespace bulkhead::module {
namespace {

constexpr auto* obedient = "echo ready >&4; exec sleep 1000";
constexpr auto* deaf = "trap '' TERM; echo ready >&4; exec sleep 1000";
constexpr auto* refusing = "echo 'the database is on fire' >&4; exit 1";
constexpr auto* silent = "exit 3";
constexpr auto* hanging = "exec sleep 1000";
constexpr auto* lingering = "trap '' TERM; echo ready >&4; read -r _ <gate; exit 0";
constexpr auto* gated = "read -r _ <gate; echo ready >&4; exec sleep 1000";

/// A supervisor in a process of its own, whose workers do what `behave_as` said last.
class Supervised {
public:
    explicit Supervised(const std::string& behaviour) {
        ::mkfifo(path("gate").c_str(), 0600);
        write("program", "#!/bin/sh\ncd \"${0%/*}\" && . ./behaviour\n");
        ::chmod(path("program").c_str(), 0700);
        configure("drain_seconds = 0\nready_seconds = 30\n");
        behave_as(behaviour);
    }

    /// Written aside and renamed, as a worker may be about to read it.
    void behave_as(const std::string& behaviour) const {
        write("next", behaviour + "\n");
        std::filesystem::rename(path("next"), path("behaviour"));
    }
    void configure(const std::string& server_table) const {
        write("plugins.toml", "[server]\nlisten = \"127.0.0.1:0\"\n" + server_table);
    }
    void open_gate() const { write("gate", "\n"); }
    std::string path(const std::string& name) const { return folder_.path() / name; }

    int supervise() const {
        auto configuration = *load_configuration(path("plugins.toml"));
        auto listening = *open_listeners(configuration.server.listen);
        return Supervisor(std::move(configuration), path("plugins.toml"), std::move(listening),
                          path("program"))
            .run();
    }

private:
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }

    test::TemporaryFolder folder_;
};

pid_t pid_in(const std::string& line) {
    return static_cast<pid_t>(number_in(line, "pid"));
}

}  // namespace

TEST_CASE("a first generation that does not become ready ends the supervisor with its reason") {
    const auto [behaviour, sentence] = GENERATE(table<std::string, std::string>(
        {{refusing, "bulkhead: the database is on fire\n"},
         {silent, "bulkhead: the worker ended before it was ready: exit status 3\n"},
         {"kill -9 $$", "bulkhead: the worker ended before it was ready: signal 9 (Killed)\n"}}));
    const Supervised supervised(behaviour);
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors == sentence);
}

TEST_CASE("a program that cannot be executed is named") {
    const Supervised supervised(obedient);
    std::filesystem::remove(supervised.path("program"));
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors.find(supervised.path("program") + " cannot be started: No such file") !=
          std::string::npos);
}

TEST_CASE("a generation that is not ready within server.ready_seconds is killed") {
    const Supervised supervised(hanging);
    supervised.configure("ready_seconds = 1\n");
    Process supervisor([&] { return supervised.supervise(); });

    const auto ended = supervisor.wait();

    CHECK(ended.status == 1);
    CHECK(ended.errors.find("was not ready within 1 s") != std::string::npos);
}

TEST_CASE("a worker inherits the sockets, the pipe, its configuration and nothing else") {
    const Supervised supervised("echo descriptors: $(ls /proc/self/fd); echo ready >&4");
    const int stray = ::open("/dev/null", O_RDONLY);
    Process supervisor([&] { return supervised.supervise(); });

    const auto line = supervisor.wait_for_line("descriptors:");

    CHECK(line == "descriptors: 0 1 2 3 4 5 6");  // 6 is the folder that ls itself reads.
    ::close(stray);
}

TEST_CASE("SIGTERM and SIGINT end the workers and then the supervisor") {
    const auto number = GENERATE(SIGTERM, SIGINT);
    const Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(number);
    const auto ended = supervisor.wait();

    CHECK(ended.status == 0);
    CHECK(ended.errors.empty());
    CHECK(ends(worker));
}

TEST_CASE("a worker that is being started when the end comes ends too") {
    const Supervised supervised(hanging);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation starting"));

    supervisor.signal(SIGTERM);

    CHECK(supervisor.wait().status == 0);
    CHECK(ends(worker));
}

TEST_CASE("a worker that dies is replaced at once, then after growing pauses") {
    const Supervised supervised(obedient);
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
    const Supervised supervised(obedient);
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
    const Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto first = supervisor.wait_for_line("generation ready");

    supervisor.signal(SIGHUP);
    const auto second = supervisor.wait_for_line("generation ready");
    const auto ended = supervisor.wait_for_line("generation ended");

    CHECK(number_in(second, "generation") == 2);
    CHECK(pid_in(ended) == pid_in(first));
    CHECK(ends(pid_in(first)));
    CHECK(::kill(pid_in(second), 0) == 0);
}

TEST_CASE("a next generation that fails leaves the running one alone") {
    const auto [behaviour, reason] = GENERATE(
        table<std::string, std::string>({{refusing, "the database is on fire"},
                                         {silent, "ended before it was ready: exit status 3"}}));
    const Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    const auto running = pid_in(supervisor.wait_for_line("generation ready"));

    supervised.behave_as(behaviour);
    supervisor.signal(SIGHUP);
    const auto failed = supervisor.wait_for_line("the next generation failed");

    CHECK(failed.find(reason) != std::string::npos);
    CHECK(::kill(running, 0) == 0);
    CHECK(supervisor.count_of("generation draining") == 0);
}

TEST_CASE("a configuration that is refused starts nothing, and the corrected one does") {
    const Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");

    supervised.configure("drain_secnods = 0\n");
    supervisor.signal(SIGHUP);
    const auto refused = supervisor.wait_for_line("configuration is refused");
    supervised.configure("drain_seconds = 0\n");
    supervisor.signal(SIGHUP);
    const auto ready = supervisor.wait_for_line("generation ready");

    CHECK(refused.find("drain_secnods") != std::string::npos);
    CHECK(number_in(ready, "generation") == 2);
}

TEST_CASE("a changed server.listen is reported as needing a restart") {
    const Supervised supervised(obedient);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");

    std::ofstream(supervised.path("plugins.toml")) << "[server]\nlisten = \"127.0.0.1:9\"\n";
    supervisor.signal(SIGHUP);
    const auto warning = supervisor.wait_for_line("server.listen has changed");
    const auto ready = supervisor.wait_for_line("generation ready");

    CHECK(warning.find(R"("running":"127.0.0.1:0","wanted":"127.0.0.1:9")") != std::string::npos);
    CHECK(number_in(ready, "generation") == 2);
}

TEST_CASE("several SIGHUPs while a generation starts become one more generation") {
    const Supervised supervised(gated);
    Process supervisor([&] { return supervised.supervise(); });
    supervised.open_gate();
    supervisor.wait_for_line("generation ready");

    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation starting");
    for (int times = 0; times < 5; ++times)
        supervisor.signal(SIGHUP);
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
    const Supervised supervised(lingering);
    Process supervisor([&] { return supervised.supervise(); });
    supervisor.wait_for_line("generation ready");
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation ready");
    supervised.behave_as(obedient);
    supervisor.signal(SIGHUP);
    supervisor.wait_for_line("generation ready");

    supervisor.signal(SIGHUP);
    supervised.open_gate();
    supervisor.wait_for_line("generation ended");
    const auto starting = supervisor.wait_for_line("generation starting");

    CHECK(number_in(starting, "generation") == 4);
}

TEST_CASE("a generation that does not end within its drain limit is killed") {
    const Supervised supervised(deaf);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(SIGTERM);
    const auto ended = supervisor.wait();

    CHECK(ended.status == 0);
    CHECK(ended.output.find("is over its time and is killed") != std::string::npos);
    CHECK(ends(worker));
}

TEST_CASE("no worker survives a supervisor that is killed") {
    const Supervised supervised(deaf);
    Process supervisor([&] { return supervised.supervise(); });
    const auto worker = pid_in(supervisor.wait_for_line("generation ready"));

    supervisor.signal(SIGKILL);

    CHECK(ends(worker));
}

}  // namespace bulkhead::module
