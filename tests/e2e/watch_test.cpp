// `bulkhead serve --watch`: what is saved is served.

#include "support/deployment.hpp"
#include "support/raw_client.hpp"
#include "support/workshop.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>

namespace {

constexpr auto* summary = "Add an item";

std::string ask(std::uint16_t port, const std::string& path) {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto answer = client.read_response();
    return answer.status == 200 ? answer.body : "";
}

/// Asks for a document that the module is part of, again and again, and counts.
class Reader {
public:
    explicit Reader(std::uint16_t port)
        : thread_([this, port](const std::stop_token& ended) {
              while (!ended.stop_requested())
                  ++(is_answered(port) ? answered_ : failed_);
          }) {}

    int answered() const { return answered_; }
    int failed() const { return failed_; }

private:
    static bool is_answered(std::uint16_t port) {
        try {
            return ask(port, "/openapi.json").find("/api/v1/inventory/{id}") != std::string::npos;
        } catch (const std::runtime_error&) {
            return false;
        }
    }

    std::atomic<int> answered_{0};
    std::atomic<int> failed_{0};
    std::jthread thread_;
};

bool is_served(std::uint16_t port, const std::string& text) {
    return ask(port, "/openapi.json").find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("what is saved is built and served, what does not compile is not, and nobody notices") {
    const Workshop workshop;
    workshop.run_well(
        "bulkhead new-module inventory && cd inventory && cmake --preset dev && "
        "cmake --build build --target inventory");
    workshop.replace("inventory/plugins.toml", "\"127.0.0.1:8080\"",
                     "\"127.0.0.1:0\"\n[rate_limit]\naddress_per_second = 0");
    AuthorsServer server(workshop, "inventory",
                         "--watch --build 'cmake --build build --target inventory'");
    auto& process = server.process();
    Reader reader(server.port());
    const auto save = [&](const std::string& what, const std::string& with) {
        workshop.replace("inventory/routes.cpp", what, with);
    };

    save(summary, "Add one more");
    server.await_next_generation();
    const bool changed = is_served(server.port(), "Add one more");

    save("\"Add one more\"", "nonsense");
    process.wait_for_line("error:");
    process.wait_for_line("goes on unchanged");
    const bool kept = is_served(server.port(), "Add one more");

    save("nonsense", "\"Add another\"");
    server.await_next_generation();
    const bool mended = is_served(server.port(), "Add another");

    INFO(process.output());
    CHECK(changed);
    CHECK(kept);
    CHECK(mended);
    CHECK(reader.failed() == 0);
    CHECK(reader.answered() > 3);
}

TEST_CASE("a module that was built elsewhere is put into the module directory, whole") {
    const Workshop workshop;
    workshop.write("server/plugins.toml",
                   "[server]\nlisten = \"127.0.0.1:0\"\n[modules]\ndirectory = \"modules\"\n"
                   "[module.orders]\n[module.users]\n");
    workshop.run_well("mkdir server/modules sources && cp '" BULKHEAD_MODULES_DIR
                      "/users.so' server/modules/");
    AuthorsServer server(workshop, "server",
                         "--watch ../sources --build '[ ! -e saved.cpp ] || cp "
                         "\"" BULKHEAD_MODULES_DIR "\"/*.so .'");

    workshop.write("sources/saved.cpp", "");
    server.await_next_generation();

    const auto modules = workshop.folder() / "server/modules";
    CHECK(std::filesystem::exists(modules / "orders.so"));
    CHECK_FALSE(std::filesystem::exists(modules / "auth.so"));  // plugins.toml does not name it.
}

TEST_CASE("what cannot be watched is refused in one sentence") {
    const Deployment deployment;
    using Arguments = std::vector<std::string>;
    const auto [arguments, status, sentence] = GENERATE(table<Arguments, int, std::string>(
        {{{"serve", "--watch", "nowhere"}, 1, "nowhere cannot be watched"},
         {{"serve", "--watch", "plugins.toml"}, 1, "Not a directory"},
         {{"serve", "--build", "make"}, 2, "--build requires --watch"},
         {{"serve", "--watch", "--single"}, 2, "--watch excludes --single"}}));

    const auto ended = deployment.run(arguments);

    INFO(ended.errors);
    CHECK(ended.status == status);
    CHECK(ended.errors.find('\n') == ended.errors.size() - 1);
    CHECK(ended.errors.find(sentence) != std::string::npos);
}

TEST_CASE("the watching process and its build end with the server") {
    const Workshop workshop;
    workshop.write("plugins.toml", "[server]\nlisten = \"127.0.0.1:0\"\n");
    AuthorsServer server(workshop, {},
                         "--watch --build '[ -e module.cpp ] || exit 0; echo building as $$; "
                         "exec sleep 1000'");
    workshop.write("module.cpp", "");
    const auto line = server.process().wait_for_line("building as ");
    const auto build = static_cast<pid_t>(std::stoi(line.substr(line.rfind(' '))));

    server.process().signal(GENERATE(SIGTERM, SIGKILL));
    const auto ended = server.process().wait();

    CHECK(ends(build));
    CHECK(ended.status != 1);
}
