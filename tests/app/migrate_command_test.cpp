// `bulkhead migrate` by the real program.

#include "support/deployment.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <sstream>

namespace {

using boost::json::parse;

constexpr auto create_users = "2026-11-20-09-10-create-users";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

/// The names in this state, or all.
std::vector<std::string> names_in(const Deployment& deployment, const std::string& state) {
    const auto listed = parse(deployment.run({"migrate", "status", "--json"}).output);
    std::vector<std::string> names;
    for (const auto& one : listed.as_array())
        if (state.empty() || one.at("state").as_string() == state)
            names.emplace_back(one.at("name").as_string().c_str());
    return names;
}

void set_migrate(const Deployment& deployment, const std::string& value) {
    std::ifstream file(deployment.config());
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string given = "migrate = \"always\"";
    text.replace(text.find(given), given.size(), "migrate = \"" + value + "\"");
    deployment.configure_as(text);
}

}  // namespace

TEST_CASE("a dry run prints the SQL in order and changes nothing") {
    const Deployment deployment;

    const auto shown = deployment.run({"migrate", "up", "--dry-run"});
    const auto json = deployment.run({"migrate", "up", "--dry-run", "--json"});

    CHECK(shown.status == 0);
    CHECK(shown.output.starts_with("-- core/2026-11-20-09-00-create-ledger (expand, up)\n"));
    CHECK(contains(shown.output, "\n-- users/2026-11-20-09-10-create-users (expand, up)\n"));
    CHECK(contains(shown.output, "create table schema_migrations ("));
    CHECK(shown.output.find("create table users") < shown.output.find("create table orders"));
    const auto first = parse(json.output).at(0);
    CHECK(first.at("module").as_string() == "core");
    CHECK(first.at("class").as_string() == "expand");
    CHECK(first.at("direction").as_string() == "up");
    CHECK(contains(std::string(first.at("sql").as_string()), "create table schema_migrations"));
    CHECK_FALSE(std::filesystem::exists(deployment.folder() / "test.db"));
}

TEST_CASE("up and down go to a name, and dry runs of them change nothing") {
    const Deployment deployment;
    const auto all = names_in(deployment, "").size();

    const auto partly = deployment.run({"migrate", "up", "--to", create_users});
    const auto after_part = names_in(deployment, "applied");
    const auto rest = deployment.run({"migrate", "up"});
    const auto after_rest = names_in(deployment, "applied").size();
    const auto look = deployment.run({"migrate", "down", "--to", create_users, "--dry-run"});
    const auto after_look = names_in(deployment, "applied").size();
    const auto down = deployment.run({"migrate", "down", "--to", create_users});
    const auto after_down = names_in(deployment, "applied");

    CHECK(partly.status == 0);
    CHECK(contains(partly.output, "applied users/2026-11-20-09-10-create-users (expand, "));
    CHECK(after_part.back() == create_users);
    CHECK(count_of(rest.output, "applied ") == all - after_part.size());
    CHECK(after_rest == all);
    CHECK(count_of(look.output, "(expand, down)\n") == all - after_part.size());
    CHECK(after_look == all);
    CHECK(down.status == 0);
    CHECK(count_of(down.output, "undone ") == all - after_part.size());
    CHECK(after_down == after_part);
}

TEST_CASE("down of a module works without its file, by the text in the ledger") {
    const Deployment deployment;
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);
    deployment.configure({.modules = deployment.folder()});

    const auto down = deployment.run({"migrate", "down", "--module", "auth", "--json"});
    const auto again = deployment.run({"migrate", "redo", "--module", "users"});

    CHECK(down.status == 0);
    CHECK(parse(down.output).at(0).at("module").as_string() == "auth");
    CHECK(again.status == 1);
    CHECK(contains(again.errors, "is not in this build"));
}

TEST_CASE("redo undoes and applies the newest one of a module") {
    const Deployment deployment;
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);

    const auto redone = deployment.run({"migrate", "redo", "--module", "users"});

    CHECK(redone.status == 0);
    CHECK(contains(redone.output, "undone users/"));
    CHECK(contains(redone.output, "applied users/"));
    CHECK(names_in(deployment, "pending").empty());
}

TEST_CASE("what nobody can undo, or nobody knows, is refused with a sentence") {
    const Deployment deployment;
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);
    using Arguments = std::vector<std::string>;
    const auto [arguments, sentence] = GENERATE(table<Arguments, std::string>(
        {{{"down", "--to", "nothing"}, "no applied migration is named 'nothing'"},
         {{"up", "--to", "nothing"}, "no migration is named 'nothing'"},
         {{"up", "--module", "nobody"}, "no module 'nobody'"},
         {{"down", "--module", "nobody"}, "nothing of a module 'nobody' was ever applied"}}));
    auto command = arguments;
    command.insert(command.begin(), "migrate");

    const auto refused = deployment.run(command);

    CHECK(refused.status == 1);
    CHECK(contains(refused.errors, sentence));
}

TEST_CASE("two processes that migrate at once apply each migration once") {
    const Deployment deployment;
    const auto all = names_in(deployment, "").size();
    const std::vector<std::string> up{"migrate", "up", "--config", deployment.config()};

    Process one(BULKHEAD_PROGRAM, up);
    Process other(BULKHEAD_PROGRAM, up);
    const auto first = one.wait();
    const auto second = other.wait();

    INFO(first.errors << second.errors);
    CHECK(first.status == 0);
    CHECK(second.status == 0);
    CHECK(count_of(first.output, "applied ") + count_of(second.output, "applied ") == all);
    CHECK(names_in(deployment, "applied").size() == all);
}

TEST_CASE("where migrations are asked for, serve is refused until they are applied") {
    const Deployment deployment;
    set_migrate(deployment, "never");

    const auto early = deployment.run({"serve"});
    REQUIRE(deployment.run({"migrate", "up", "--module", "users"}).status == 0);
    const auto partly = deployment.run({"serve"});
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);
    Process server(BULKHEAD_PROGRAM, {"serve", "--config", deployment.config()});

    CHECK(early.status == 1);
    CHECK(contains(early.errors, "the database lacks"));
    CHECK(contains(early.errors, "run `bulkhead migrate up` first"));
    CHECK(partly.status == 1);
    CHECK(contains(partly.errors, "auth/"));
    CHECK_FALSE(server.wait_for_line("generation ready").empty());
}

TEST_CASE("status shows class, state and duration, of one module where it is named") {
    const Deployment deployment;
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);

    const auto shown = deployment.run({"migrate", "status", "--module", "users"});
    const auto json = parse(deployment.run({"migrate", "status", "--json"}).output);

    CHECK(shown.output.starts_with("MODULE  MIGRATION"));
    CHECK(contains(shown.output, "expand"));
    CHECK(contains(shown.output, " ms\n"));
    CHECK_FALSE(contains(shown.output, "core"));
    CHECK(json.at(0).at("class").as_string() == "expand");
    CHECK(json.at(0).at("duration_us").as_int64() >= 0);
}
