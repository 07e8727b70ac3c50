// What a service manager is told by a supervisor, whatever its workers serve.
#include "module/notifier.hpp"

#include "supervised.hpp"
#include "support/systemd.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace bulkhead::module {
namespace {

/// A supervisor whose manager listens, and watches it if asked to.
struct Managed {
    explicit Managed(const std::string& behaviour, const std::string& watchdog_usec = "0",
                     NotifySocket::Kind kind = NotifySocket::Kind::path)
        : manager(kind), supervised(behaviour), supervisor([=, this] {
              const Variable socket("NOTIFY_SOCKET", manager.address());
              const Variable watchdog("WATCHDOG_USEC", watchdog_usec);
              return supervised.supervise();
          }) {}

    void apply() {
        supervised.change();
        supervisor.signal(SIGHUP);
    }

    NotifySocket manager;
    Supervised supervised;
    Process supervisor;
};

}  // namespace

TEST_CASE("a service manager is told once the first generation serves, and not before") {
    const auto kind = GENERATE(NotifySocket::Kind::path, NotifySocket::Kind::abstract);
    Managed managed(gated, "0", kind);

    const auto first = managed.manager.next();
    managed.supervised.open_gate();
    const auto second = managed.manager.next();

    CHECK(first == "EXTEND_TIMEOUT_USEC=35000000");  // server.ready_seconds, and some to fail.
    CHECK(second == "READY=1\nSTATUS=generation 1 serves");
}

TEST_CASE("an apply is told at its beginning and at its end") {
    Managed managed(obedient);
    managed.manager.next_with("READY=1");

    managed.apply();
    const auto begin = managed.manager.next();
    const auto end = managed.manager.next_with("READY=1");

    CHECK_THAT(begin, Catch::Matches("RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*"));
    CHECK(end == "READY=1\nSTATUS=generation 2 serves");
}

TEST_CASE("an apply that is refused ends with the reason in the status") {
    Managed managed(obedient);
    managed.manager.next_with("READY=1");

    managed.supervised.behave_as(refusing);
    managed.apply();
    managed.manager.next_with("RELOADING=1");

    CHECK(managed.manager.next_with("READY=1") ==
          "READY=1\nSTATUS=generation 1 serves; not applied: the database is on fire");
}

TEST_CASE("an apply that has nothing to change is told like every other") {
    Managed managed(obedient);
    managed.manager.next_with("READY=1");

    managed.supervisor.signal(SIGHUP);
    managed.manager.next_with("RELOADING=1");

    CHECK(managed.manager.next() == "READY=1\nSTATUS=generation 1 serves");
}

TEST_CASE("the end is told, and how long it may take") {
    Managed managed(obedient);
    managed.manager.next_with("READY=1");

    managed.supervisor.signal(SIGTERM);

    CHECK_THAT(managed.manager.next(), Catch::StartsWith("STOPPING=1"));
    CHECK(managed.manager.next() == "EXTEND_TIMEOUT_USEC=5000000");
    CHECK(managed.supervisor.wait().status == 0);
}

TEST_CASE("a manager that watches is told of life again and again") {
    Managed managed(obedient, "100000");
    managed.manager.next_with("READY=1");

    for (int times = 0; times < 3; ++times)
        CHECK(managed.manager.next() == "WATCHDOG=1");
}

TEST_CASE("a supervisor without a worker that serves gives no sign of life") {
    Managed managed(obedient, "2000");
    const auto worker = pid_in(managed.supervisor.wait_for_line("generation ready"));
    managed.supervised.behave_as(gated);

    ::kill(worker, SIGKILL);
    managed.manager.next_with("STATUS=the worker has ended and is being replaced");
    managed.supervisor.wait_for_line("generation starting");
    managed.supervised.open_gate();
    const auto next = managed.manager.next_with("STATUS");
    const auto signs_of_life = managed.manager.next_with("WATCHDOG=1");

    CHECK(next == "STATUS=generation 2 serves");
    CHECK(signs_of_life == "WATCHDOG=1");
}

TEST_CASE("a worker cannot speak for its supervisor") {
    Managed managed("echo told: ${NOTIFY_SOCKET:-nothing} ${WATCHDOG_USEC:-nothing};" + ready +
                    "exec sleep 1000");

    CHECK(managed.supervisor.wait_for_line("told:") == "told: nothing nothing");
}

TEST_CASE("a NOTIFY_SOCKET that is no socket's address is left alone") {
    const std::string address = GENERATE("relative", "vsock:2:1", "/absent/notify");
    const Supervised supervised(obedient);
    Process supervisor([&] {
        const Variable socket("NOTIFY_SOCKET", address);
        return supervised.supervise();
    });

    supervisor.wait_for_line("generation ready");
    supervisor.signal(SIGTERM);

    CHECK(supervisor.wait().status == 0);
}

}  // namespace bulkhead::module
