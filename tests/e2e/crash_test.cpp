// A worker that crashes says in which module, version and function; the server goes on.

#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace {

ServerSetup with_crasher(bool single = false) {
    return {.single = single,
            .disabled = {"users", "auth", "orders"},
            .server = "data = \"state\"\n",
            .tables = "[module.crasher]\nenabled = true\n",
            .modules = BULKHEAD_FIXTURES_DIR};
}

void ask(std::uint16_t port, const std::string& path) {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: the-last-one\r\n\r\n");
    CHECK_THROWS(client.read_response());
}

int status_of(std::uint16_t port, const std::string& path) {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read_response().status;
}

std::vector<std::string> reports(const Deployment& deployment, const std::string& extension) {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(deployment.folder() / "state/crashes"))
        if (entry.path().extension() == extension)
            names.push_back(entry.path().filename());
    return names;
}

}  // namespace

TEST_CASE("a crash is told with module, version, function and signal, and the server goes on") {
    struct Case {
        std::string path;
        std::string place;
        std::string ending;
    };
    const auto [path, place, ending] =
        GENERATE(Case{"null", "in crasher::dereference_null (crasher.cpp:", "signal 11"},
                 Case{"io", "in crasher::dereference_null (crasher.cpp:", "signal 11"},
                 Case{"call", "in crasher::call_nothing (crasher.cpp:", "signal 11"},
                 Case{"abort", "in crasher::give_up (crasher.cpp:", "signal 6"},
                 Case{"overflow", "in crasher::descend (crasher.cpp:", "signal 11"},
                 Case{"noexcept", "in crasher::refuse (crasher.cpp:", "signal 6"});
    RunningServer server(with_crasher());

    ask(server.port(), "/api/v1/crash/" + path);
    const auto told = server.process().wait_for_line(R"("message":"crash")");
    const auto replacement = server.next_worker();
    const auto health = status_of(server.port(), "/health");

    CAPTURE(told);
    CHECK(told.find("worker " + std::to_string(server.first_worker()) +
                    " of generation 1 crashed in module crasher 1.4.2, " + place) !=
          std::string::npos);
    CHECK(told.find(ending) != std::string::npos);
    CHECK(told.find("the-last-one") != std::string::npos);
    CHECK(replacement != server.first_worker());
    CHECK(health == 200);
    CHECK(reports(server.deployment(), ".crash").empty());
    CHECK(reports(server.deployment(), ".told").size() == 1);
}

TEST_CASE("a subscriber or a health check that uses up its stack is told as a handler is") {
    const auto paths = GENERATE(values<std::vector<std::string>>(
        {{"/api/v1/crash/event"}, {"/api/v1/crash/health", "/ready"}}));
    RunningServer server(with_crasher());
    RawClient client(server.port());

    for (const auto& path : paths)
        client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto told = server.process().wait_for_line(R"("message":"crash")");

    CAPTURE(told);
    CHECK(told.find("in crasher::descend (crasher.cpp:") != std::string::npos);
}

TEST_CASE("a crash by an exception that nobody caught tells its type and text") {
    RunningServer server(with_crasher());

    ask(server.port(), "/api/v1/crash/noexcept");
    const auto told = server.process().wait_for_line(R"("message":"crash")");

    CHECK(told.find("nobody caught std::runtime_error: no way out") != std::string::npos);
}

TEST_CASE("a crash within the core names the core, and the module that called it") {
    RunningServer server(with_crasher());

    ask(server.port(), "/api/v1/crash/core");
    const auto told = server.process().wait_for_line(R"("message":"crash")");

    CAPTURE(told);
    CHECK(told.find("crashed in the core ") != std::string::npos);
    CHECK(told.find(", in bulkhead::") != std::string::npos);
    CHECK(
        told.find(", called by module crasher 1.4.2, in crasher::misuse_the_core (crasher.cpp:") !=
        std::string::npos);
}

TEST_CASE("a crash without any module's code is the core's") {
    const auto number = GENERATE(SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT);
    RunningServer server(with_crasher());

    ::tgkill(server.first_worker(), server.first_worker(), number);  // Its main thread.
    const auto told = server.process().wait_for_line(R"("message":"crash")");
    const auto replacement = server.next_worker();

    CAPTURE(told);
    CHECK(told.find("crashed in the core ") != std::string::npos);
    CHECK(told.find("module crasher") == std::string::npos);
    CHECK(told.find("signal " + std::to_string(number) + " ") != std::string::npos);
    CHECK(replacement != server.first_worker());
}

TEST_CASE("the next start tells what the last one crashed of") {
    RunningServer first(with_crasher(true));
    ask(first.port(), "/api/v1/crash/null");
    const auto ended = first.process().wait();

    Process again(BULKHEAD_PROGRAM, {"serve", "--single", "--config", first.deployment().config()});
    const auto told = again.wait_for_line(R"("message":"crash")");
    again.wait_for_line("generation ready");
    again.signal(SIGTERM);
    const auto stopped = again.wait();

    CHECK(ended.status == 128 + SIGSEGV);
    CHECK(told.find("of generation 1 crashed in module crasher 1.4.2, in crasher::") !=
          std::string::npos);
    CHECK(stopped.errors.find("crasher::dereference_null") != std::string::npos);
}

TEST_CASE("a worker without a folder for reports still ends by its signal") {
    RunningServer server(with_crasher());
    std::filesystem::remove_all(server.deployment().folder() / "state/crashes");

    ask(server.port(), "/api/v1/crash/null");
    const auto died = server.process().wait_for_line("the worker died and will be replaced");
    server.next_worker();

    CHECK(died.find("signal 11") != std::string::npos);
    CHECK(status_of(server.port(), "/health") == 200);
}
