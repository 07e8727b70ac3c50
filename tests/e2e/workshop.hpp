#pragma once
// A running server with a module directory of its own, in which modules are replaced.

#include "core/module/files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

class Workshop {
public:
    /// The shipped modules, and `hostile` (see fixtures/) as `place` says. `setup.modules` is set
    /// here, and `setup.tables` has its table.
    explicit Workshop(ServerSetup setup = {}, const std::string& place = "nowhere")
        : setup_(filled(std::move(setup), place)), server_(setup_) {}

    RunningServer& server() { return server_; }
    const RunningServer& server() const { return server_; }

    /// Replaced in one step, as a careful administrator does it.
    void put(const std::string& name, std::string_view bytes) const {
        const auto aside = bulkhead::test::write(modules_, name + ".new", bytes);
        std::filesystem::rename(aside, modules_.path() / (name + ".so"));
    }
    /// Replaces plugins.toml by one with further lines of [server] and further tables.
    void configure(const std::string& server_lines, const std::string& tables = {}) const {
        auto setup = setup_;
        setup.server += server_lines;
        setup.tables += tables;
        server_.deployment().configure(setup);
    }
    Ended run(std::vector<std::string> arguments) const {
        return server_.deployment().run(std::move(arguments));
    }
    RawResponse get(const std::string& path) const {
        RawClient client(server_.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client.read_response();
    }
    /// What clients see: the document of all routes, and what some of them answer.
    std::vector<std::string> face() const {
        std::vector<std::string> answers;
        for (const auto* path : {"/openapi.json", "/ready", "/api/v1/calm", "/api/v1/products"}) {
            const auto answer = get(path);
            auto data = answer.body.substr(0, answer.body.find(R"("meta":)"));
            answers.push_back(std::to_string(answer.status) + " " + data);
        }
        return answers;
    }

private:
    ServerSetup filled(ServerSetup setup, const std::string& place) const {
        for (const auto* name : {"users", "auth", "orders"})
            std::filesystem::copy(
                std::filesystem::path(BULKHEAD_MODULES_DIR) / (std::string(name) + ".so"),
                modules_.path());
        put("hostile", bulkhead::test::hostile(place));
        setup.modules = modules_.path();
        setup.tables += "[module.hostile]\n";
        return setup;
    }

    bulkhead::test::TemporaryFolder modules_;
    ServerSetup setup_;
    RunningServer server_;
};
