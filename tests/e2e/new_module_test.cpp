// `bulkhead new-module`: from nothing to a served module.

#include "support/raw_client.hpp"
#include "support/workshop.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>

namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

RawResponse post(std::uint16_t port, const std::string& path, const std::string& body,
                 const std::string& token = {}) {
    RawClient client(port);
    client.send("POST /api/v1" + path + " HTTP/1.1\r\nHost: localhost\r\n" +
                (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") +
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    return client.read_response();
}

std::string register_and_log_in(std::uint16_t port) {
    const std::string account = R"("email":"ada@example.org","password":"correct horse battery")";
    post(port, "/auth/register", "{" + account + R"(,"name":"Ada"})");
    const auto answer = boost::json::parse(post(port, "/auth/login", "{" + account + "}").body);
    return std::string(answer.at("data").at("access_token").as_string());
}

std::string all_texts_below(const fs::path& folder) {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        text += entry.path().lexically_relative(folder).string() + "\n";
        if (std::ifstream file(entry.path()); entry.is_regular_file())
            text.append(std::istreambuf_iterator<char>(file), {});
    }
    return text;
}

}  // namespace

TEST_CASE("a new module builds without a warning, passes its tests and answers its first 201") {
    const Workshop workshop;
    const auto started = std::chrono::steady_clock::now();

    const auto said = workshop.run_well("bulkhead new-module inventory");
    workshop.replace("inventory/plugins.toml", "127.0.0.1:8080", "127.0.0.1:0");
    const auto configured = workshop.run("cmake --preset dev", "inventory");
    const auto built = workshop.run("cmake --build build", "inventory");
    const auto tested = workshop.run("ctest --test-dir build", "inventory");
    INFO(configured.errors << built.output << tested.output);
    REQUIRE(built.status == 0);
    REQUIRE(tested.status == 0);
    const AuthorsServer server(workshop, "inventory");
    const auto token = register_and_log_in(server.port());
    const auto answer = post(server.port(), "/inventory", R"({"name": "Anchor"})", token);

    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    WARN("from new-module to the first 201: " << took.count() << " s");
    CHECK(answer.status == 201);
    CHECK(answer.header("Location").starts_with("/api/v1/inventory/"));
    CHECK_FALSE(contains(built.output + built.errors + configured.errors, "arning"));
    for (const auto* next : {"\n  cd inventory\n", "\n  cmake --workflow --preset dev\n",
                             "\n  bulkhead serve --watch\n"})
        CHECK(contains(said, next));
}

TEST_CASE("a new module bears its name everywhere") {
    const Workshop workshop;

    const auto said = workshop.run_well("bulkhead new-module price_list --directory here/there");
    const auto texts = all_texts_below(workshop.folder() / "here/there");

    CHECK(contains(said, "\n  cd here/there\n"));
    for (const auto* part :
         {"class PriceListModule final", "namespace price_list {", R"(.name = "price_list")",
          R"x(on.post("/price_list", add).scope("price_list:write"))x", "-create-price_list.up.sql",
          "create table price_list_items", "bulkhead_module(price_list)", "[module.price_list]",
          "# price_list\n"})
        CHECK(contains(texts, part));
    CHECK_FALSE(contains(texts, "sample"));
    CHECK_FALSE(contains(texts, "Sample"));
}

TEST_CASE("a name that no module can have is refused in one sentence") {
    const Workshop workshop;
    const auto [name, sentence] = GENERATE(
        table<std::string, std::string>({{"Inventory", "take a lower-case letter"},
                                         {"price-list", "such as 'price_list'"},
                                         {"1st", "take a lower-case letter"},
                                         {"_x", "take a lower-case letter"},
                                         {"a__b", "single underscores"},
                                         {"''", "take a lower-case letter"},
                                         {"../x", "take a lower-case letter"},
                                         {std::string(41, 'a'), "up to 39"},
                                         {"core", "take another word, such as 'core_book'"},
                                         {"class", "means something else in C++"},
                                         {"time", "means something else in C++"},
                                         {"floor", "means something else in C++"},
                                         {"kill", "means something else in C++"},
                                         {"clock_t", "means something else in C++"},
                                         {"users", "there is a module 'users' already"}}));

    const auto ended = workshop.run("bulkhead new-module " + name);

    INFO(ended.errors);
    CHECK(ended.status == 1);
    CHECK(ended.errors.starts_with("bulkhead: "));
    CHECK(ended.errors.find('\n') == ended.errors.size() - 1);
    CHECK(contains(ended.errors, sentence));
    CHECK(fs::is_empty(workshop.folder()));
}

TEST_CASE("a folder that is not for a new module is refused in one sentence") {
    const Workshop workshop;
    workshop.write("inventory/mine.txt", "mine");
    const auto [directory, sentence] = GENERATE(table<std::string, std::string>(
        {{"", "inventory is not empty; move it away or name another folder with --directory"},
         {"--directory inventory/mine.txt", "cannot be written (Not a directory)"},
         {"--directory inventory/mine.txt/deeper", "cannot be written (Not a directory)"},
         {"--directory /proc/nowhere", "with --directory"}}));

    const auto ended = workshop.run("bulkhead new-module inventory " + directory);

    INFO(ended.errors);
    CHECK(ended.status == 1);
    CHECK(ended.errors.find('\n') == ended.errors.size() - 1);
    CHECK(contains(ended.errors, sentence));
    CHECK(workshop.read("inventory/mine.txt") == "mine");
}

TEST_CASE("an empty folder becomes the new module") {
    const Workshop workshop;

    workshop.run_well("mkdir inventory && bulkhead new-module inventory");

    CHECK(fs::exists(workshop.folder() / "inventory/module.cpp"));
}

TEST_CASE("the next steps can be pasted, whatever the folder is called") {
    const Workshop workshop;

    const auto ended = workshop.run("bulkhead new-module inventory --directory \"Ada's häven\"");

    CHECK(contains(ended.output, "\n  cd 'Ada'\\''s häven'\n"));
}

TEST_CASE("a migration that was removed is in the module no longer") {
    const Workshop workshop;
    workshop.run_well("bulkhead new-module inventory");
    workshop.write("inventory/migrations/2026-12-01-10-00-mistake.up.sql", "select 1;");
    workshop.write("inventory/migrations/2026-12-01-10-00-mistake.down.sql", "select 1;");
    const std::string embed = "cmake --build build --target inventory_migrations.cpp";
    workshop.run_well("cmake --preset dev && " + embed, "inventory");
    const auto before = workshop.read("inventory/build/inventory_migrations.cpp");

    workshop.run_well("rm migrations/*-mistake.* && " + embed, "inventory");

    CHECK(contains(before, "mistake"));
    CHECK_FALSE(contains(workshop.read("inventory/build/inventory_migrations.cpp"), "mistake"));
}
