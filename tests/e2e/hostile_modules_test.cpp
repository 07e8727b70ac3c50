// The real program and modules that end or hang the process that starts them: the one that serves
// goes on, and a first start does without them.

#include "core/module/files.hpp"
#include "support/deployment.hpp"
#include "support/process.hpp"
#include "support/raw_client.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace test = bulkhead::test;

namespace {

struct Misbehaviour {
    std::string place;
    std::string step;
    std::string ending;  ///< part of the reason
};

const std::vector<Misbehaviour>& misbehaviours() {
    static const std::vector<Misbehaviour> all{
        {"static_throws", "load", "signal 6"},
        {"static_exits", "load", "exit status 7"},
        {"static_aborts", "load", "signal 6"},
        {"static_hangs", "load", "server.ready_seconds"},
        {"entry_exits", "load", "exit status 7"},
        {"entry_aborts", "load", "signal 6"},
        {"entry_hangs", "load", "server.ready_seconds"},
        {"constructor_exits", "construct", "exit status 7"},
        {"constructor_aborts", "construct", "signal 6"},
        {"constructor_hangs", "construct", "server.ready_seconds"},
        {"health_exits", "health", "exit status 7"},
        {"health_hangs", "health", "server.ready_seconds"},
    };
    return all;
}

/// A program with a module that answers /api/v1/calm, and room for one that is hostile.
class HostileDeployment {
public:
    HostileDeployment() {
        put("calm", test::renamed(test::hostile("nowhere"), "calm"));
        configure("");
    }

    void put(const std::string& name, const std::string& bytes) const {
        const auto folder = deployment_.folder() / "modules";
        std::filesystem::create_directories(folder);
        // Renamed into place: a worker may be about to read it.
        std::ofstream(folder / "next", std::ios::binary) << bytes;
        std::filesystem::rename(folder / "next", folder / (name + ".so"));
    }
    void configure(const std::string& tables) const {
        deployment_.configure_as(
            "[server]\nlisten = \"127.0.0.1:0\"\nready_seconds = 1\nstart_attempts = 2\n"
            "[database]\nurl = \"sqlite://test.db\"\n[log]\naccess = false\n"
            "[modules]\ndirectory = \"modules\"\n[module.calm]\n" +
            tables);
    }
    std::vector<std::string> serve() const { return {"serve", "--config", deployment_.config()}; }

private:
    Deployment deployment_;
};

// ...,"address":"127.0.0.1:43121"}
std::uint16_t port_of(Process& server) {
    const auto line = server.wait_for_line(R"("message":"listening")");
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

RawResponse get(std::uint16_t port, const std::string& path) {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.read_response();
}

}  // namespace

TEST_CASE(
    "a module that ends or hangs its process never becomes ready; the running one serves on") {
    const HostileDeployment deployment;
    Process server(BULKHEAD_PROGRAM, deployment.serve());
    const auto port = port_of(server);
    const auto worker = number_in(server.wait_for_line("generation ready"), "pid");
    deployment.configure("[module.hostile]\n");

    for (const auto& [place, step, ending] : misbehaviours()) {
        INFO(place);
        deployment.put("hostile", test::hostile(place));
        server.signal(SIGHUP);
        const auto line = server.wait_for_line("the next generation failed");
        CHECK_THAT(line, Catch::Contains(R"("step":")" + step + R"(","module":"hostile")") &&
                             Catch::Contains(ending));
        CHECK(get(port, "/api/v1/calm").status == 200);
        CHECK(::kill(static_cast<pid_t>(worker), 0) == 0);
    }

    server.signal(SIGTERM);
    CHECK(server.wait().status == 0);
}

TEST_CASE("a module that ends every start is left out after start_attempts, and the rest serves") {
    const auto* const place =
        GENERATE("static_throws", "entry_exits", "constructor_hangs", "health_exits");
    const HostileDeployment deployment;
    deployment.configure("[module.hostile]\n");
    deployment.put("hostile", test::hostile(place));

    INFO(place);
    Process server(BULKHEAD_PROGRAM, deployment.serve());
    const auto port = port_of(server);
    const auto line = server.wait_for_line("module quarantined");
    server.wait_for_line("generation ready");

    CHECK_THAT(line, Catch::Contains(R"("name":"hostile")") && Catch::Contains(R"("starts":2)"));
    CHECK(get(port, "/api/v1/calm").status == 200);
    CHECK(get(port, "/ready").body ==
          R"({"status":"ok","checks":{"database":"ok","calm":"running","hostile":"quarantined"}})");
}

TEST_CASE("a quarantined module runs again once its file is another one") {
    const HostileDeployment deployment;
    deployment.configure("[module.hostile]\n");
    deployment.put("hostile", test::hostile("constructor_aborts"));
    Process server(BULKHEAD_PROGRAM, deployment.serve());
    const auto port = port_of(server);
    server.wait_for_line("module quarantined");
    server.wait_for_line("generation ready");

    deployment.put("hostile", test::hostile("mended"));
    server.signal(SIGHUP);
    server.wait_for_line("generation ready");
    server.wait_for_line("generation ended");  // Until then it may be the old one that answers.

    CHECK_THAT(get(port, "/ready").body, Catch::Contains(R"("hostile":"running")"));
}
