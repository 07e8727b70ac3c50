// The real program on the command line: what it prints, what it refuses, how it ends.

#include "db/pool.hpp"
#include "support/deployment.hpp"
#include "support/running_server.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <set>

namespace {

using boost::json::parse;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void forget_checksum(const std::filesystem::path& folder, const std::string& module) {
    using namespace bulkhead;
    db::Pool pool({.url = "sqlite://test.db"}, folder);
    (void)db::Database(pool).transaction([&](db::Session& sql) -> Result<> {
        sql.run("update schema_migrations set checksum = '00' where module = :module",
                {{"module", module}});
        return Done{};
    });
}

bool is_one_sentence(const std::string& errors) {
    return errors.starts_with("bulkhead: ") && errors.find('\n') == errors.size() - 1;
}

std::string text_of(const boost::json::value& object, const char* name) {
    return std::string(object.at(name).as_string());
}

// The values of one member in a list of objects.
std::multiset<std::string> all(const boost::json::value& list, const char* name) {
    std::multiset<std::string> values;
    for (const auto& object : list.as_array())
        values.insert(text_of(object, name));
    return values;
}

}  // namespace

TEST_CASE("wrong usage is one sentence with its remedy and exit status 2") {
    using Arguments = std::vector<std::string>;
    const auto [arguments, sentence] = GENERATE(table<Arguments, std::string>(
        {{Arguments{}, "`bulkhead` needs a command; expected one of: serve, check"},
         {{"srve"}, "there is no command 'srve'; did you mean 'serve'?"},
         {{"--config", "x.toml", "rotues"}, "no command 'rotues'; did you mean 'routes'?"},
         {{"frobnicate"}, "no command 'frobnicate'; expected one of: serve, check"},
         {{"migrate", "upp"}, "no command 'migrate upp'; did you mean 'migrate up'?"},
         {{"migrate"},
          "expected one of: up, down, contract, redo, status; see `bulkhead migrate --help`"},
         {{"serve", "--sngle"}, "--sngle; see `bulkhead serve --help`"},
         {{"check", "surplus"}, "surplus; see `bulkhead check --help`"},
         {{"inspect"}, "FILE is required; see `bulkhead inspect --help`"},
         {{"events", "replay"}, "one of --id, --subscription and --all is required"},
         {{"events", "drop", "--all", "--id", "x"}, "see `bulkhead events drop --help`"},
         {{"events", "replay", "--id", "x"}, "'x' is no id of an event"},
         {{"admin", "create", "--name", "Ada"}, "--email is required"},
         {{"serve", "--config"}, "see `bulkhead"}}));

    const auto ended = run_to_end(BULKHEAD_PROGRAM, arguments);

    INFO(ended.errors);
    CHECK(ended.status == 2);
    CHECK(ended.output.empty());
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, sentence));
}

TEST_CASE("help names every command but the hidden one") {
    const auto ended = run_to_end(BULKHEAD_PROGRAM, {"--help"});

    CHECK(ended.status == 0);
    for (const auto* command :
         {"serve", "check", "plan", "apply", "modules", "routes", "openapi", "inspect", "verify",
          "migrate", "seed", "events", "admin", "version"})
        CHECK(contains(ended.output, std::string("\n  ") + command + " "));
    CHECK_FALSE(contains(ended.output, "worker"));
}

TEST_CASE("a configuration that cannot be used is one sentence and exit status 1") {
    const Deployment deployment;
    const auto [text, sentence] = GENERATE(table<std::string, std::string>(
        {{"[server]\nlistne = \"127.0.0.1:0\"\n", "plugins.toml:2"},
         {"[server]\nlistne = \"127.0.0.1:0\"\n", "listen"},
         {"[sevrer]\n", "server"},
         {"[server\n", "plugins.toml:1"},
         {"[http]\nheader_bytes = 1\n", "header_bytes"},
         {"[server]\nlisten = \"localhost:80\"\n", "127.0.0.1:8080"}}));
    const auto command = GENERATE("serve", "check");
    deployment.configure_as(text);

    const auto ended = deployment.run({command});

    INFO(ended.errors);
    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, sentence));
}

TEST_CASE("a configuration that is not there is named with its remedy") {
    const Deployment deployment;
    std::filesystem::remove(deployment.config());

    const auto ended = deployment.run({"check"});

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, deployment.config()));
    CHECK(contains(ended.errors, "--config"));
}

TEST_CASE("version says what modules must match") {
    const auto shown = run_to_end(BULKHEAD_PROGRAM, {"version"});
    const auto json = run_to_end(BULKHEAD_PROGRAM, {"version", "--json"});

    CHECK(shown.status == 0);
    CHECK(shown.output.starts_with("bulkhead "));
    const auto built = parse(json.output);
    CHECK(contains(shown.output, text_of(built, "version")));
    CHECK(contains(shown.output, text_of(built, "compiler")));
}

TEST_CASE("check answers whether all that is enabled would run") {
    const Deployment deployment;

    const auto shown = deployment.run({"check"});
    const auto report = parse(deployment.run({"check", "--json"}).output);

    CHECK(shown.status == 0);
    CHECK(shown.errors.empty());
    CHECK(report.at("ok").as_bool());
    CHECK(all(report.at("modules"), "name") ==
          std::multiset<std::string>{"auth", "orders", "users"});
    CHECK(all(report.at("modules"), "state").count("running") == 3);
    CHECK_FALSE(std::filesystem::exists(deployment.folder() / "test.db"));
}

TEST_CASE("check is content with a disabled module that nobody needs") {
    const Deployment deployment({.disabled = {"orders"}});

    const auto ended = deployment.run({"check", "--json"});

    CHECK(ended.status == 0);
    CHECK(all(parse(ended.output).at("modules"), "state") ==
          std::multiset<std::string>{"disabled", "running", "running"});
}

TEST_CASE("check names the chain when a disabled module is needed") {
    const Deployment deployment({.disabled = {"users"}});

    const auto ended = deployment.run({"check", "--json"});
    const auto report = parse(ended.output);

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, "auth, orders"));
    CHECK_FALSE(report.at("ok").as_bool());
    for (const auto& module : report.at("modules").as_array())
        if (text_of(module, "name") != "users") {
            CHECK(text_of(module, "state") == "blocked");
            CHECK(contains(text_of(module, "reason"), "users"));
        }
}

TEST_CASE("modules lists states, whatever they are, and exits 0") {
    const Deployment deployment({.disabled = {"users"}});

    const auto shown = deployment.run({"modules"});
    const auto json = deployment.run({"modules", "--json"});

    CHECK(shown.status == 0);
    CHECK(shown.output.starts_with("MODULE"));
    CHECK(all(parse(json.output), "state") ==
          std::multiset<std::string>{"blocked", "blocked", "disabled"});
}

TEST_CASE("routes prints the table of the running modules") {
    const Deployment deployment;

    const auto shown = deployment.run({"routes"});
    const auto json = parse(deployment.run({"routes", "--json"}).output);

    CHECK(shown.status == 0);
    CHECK(shown.output.starts_with("METHOD"));
    CHECK(contains(shown.output, "/api/v1/orders/{id}"));
    CHECK(all(json, "module").count("orders") >= 3);
    CHECK(all(json, "pattern").contains("/health"));
    CHECK_FALSE(all(json, "summary").contains(""));
}

TEST_CASE("a disabled module has no routes and no operations") {
    const Deployment deployment({.disabled = {"orders"}});

    const auto routes = deployment.run({"routes", "--json"});
    const auto openapi = deployment.run({"openapi"});

    CHECK_FALSE(all(parse(routes.output), "module").contains("orders"));
    CHECK_FALSE(contains(openapi.output, "/api/v1/orders"));
}

TEST_CASE("openapi prints a document that parses") {
    const Deployment deployment;

    const auto ended = deployment.run({"openapi"});
    const auto document = parse(ended.output);

    CHECK(ended.status == 0);
    CHECK(text_of(document, "openapi").starts_with("3.1"));
    CHECK(document.at("paths").as_object().contains("/api/v1/orders/{id}"));
}

TEST_CASE("inspect says what a module file is") {
    const std::string file = BULKHEAD_MODULES_DIR "/orders.so";

    const auto shown = run_to_end(BULKHEAD_PROGRAM, {"inspect", file});
    const auto found = parse(run_to_end(BULKHEAD_PROGRAM, {"inspect", "--json", file}).output);

    CHECK(shown.status == 0);
    CHECK(contains(shown.output, "orders"));
    CHECK(found.at("loads").as_bool());
    CHECK(text_of(found.at("manifest"), "name") == "orders");
    CHECK(parse(R"(["users"])") == found.at("manifest").at("needs"));
}

TEST_CASE("inspect refuses what is no module, by name") {
    const Deployment deployment;
    const auto junk = (deployment.folder() / "junk.so").string();
    const auto text = GENERATE(as<std::string>(), "", "not a library",
                               "\x7f"
                               "ELF");
    std::ofstream(junk) << text;

    const auto ended = run_to_end(BULKHEAD_PROGRAM, {"inspect", junk});

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, "junk.so"));
}

TEST_CASE("migrate brings the database up to date once") {
    const Deployment deployment;

    const auto before = parse(deployment.run({"migrate", "status", "--json"}).output);
    const auto first = parse(deployment.run({"migrate", "up", "--json"}).output);
    const auto again = deployment.run({"migrate", "up"});
    const auto after = parse(deployment.run({"migrate", "status", "--json"}).output);

    const auto count = before.as_array().size();
    CHECK(count >= 4);
    CHECK(all(before, "state").count("pending") == count);
    CHECK(first.as_array().size() == count);
    CHECK(again.status == 0);
    CHECK(contains(again.output, "up to date"));
    CHECK(all(after, "state").count("applied") == count);
    CHECK(contains(deployment.run({"migrate", "status"}).output, "applied"));
}

TEST_CASE("seeding twice is seeding once") {
    const Deployment deployment;
    const auto early = deployment.run({"seed"});
    deployment.run({"migrate", "up"});

    const auto first = deployment.run({"seed"});
    const auto again = deployment.run({"seed"});

    CHECK(early.status == 1);
    CHECK(is_one_sentence(early.errors));
    CHECK(contains(early.errors, "bulkhead migrate up"));
    CHECK(first.status == 0);
    CHECK(contains(first.output, "orders: seeded"));
    CHECK(again.status == 0);
}

TEST_CASE("seeding leaves out a module that does not run") {
    const Deployment deployment({.disabled = {"orders"}});
    deployment.run({"migrate", "up"});

    const auto ended = deployment.run({"seed"});

    CHECK(ended.status == 0);
    CHECK(contains(ended.output, "orders: left out"));
}

TEST_CASE("admin create makes an account, once") {
    const Deployment deployment;
    deployment.run({"migrate", "up"});
    const std::vector<std::string> create{"admin",  "create", "--email",         "root@example.org",
                                          "--name", "Root",   "--password-stdin"};

    const auto first = deployment.run(create, "correct horse battery\n");
    const auto again = deployment.run(create, "correct horse battery\n");

    CHECK(first.status == 0);
    CHECK(contains(first.output, "root@example.org"));
    CHECK(again.status == 1);
    CHECK(is_one_sentence(again.errors));
}

TEST_CASE("admin create refuses what it cannot do with the remedy") {
    const Deployment deployment;
    deployment.run({"migrate", "up"});
    const auto [password, option, sentence] = GENERATE(table<std::string, std::string, std::string>(
        {{"", "--password-stdin", "write it there as one line"},
         {"short\n", "--password-stdin", "password"}}));

    const auto ended = deployment.run(
        {"admin", "create", "--email", "root@example.org", "--name", "Root", option}, password);

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, sentence));
}

TEST_CASE("admin create without accounts names the module that is missing") {
    const Deployment deployment({.disabled = {"auth"}});
    deployment.run({"migrate", "up"});

    const auto ended = deployment.run(
        {"admin", "create", "--email", "a@b.c", "--name", "A", "--password-stdin"}, "secret\n");

    CHECK(ended.status == 1);
    CHECK(contains(ended.errors, "auth"));
}

TEST_CASE("a port in use is one sentence and exit status 1") {
    RunningServer server;
    const auto address = "127.0.0.1:" + std::to_string(server.port());
    const Deployment second({.listen = address});
    const auto option = GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{"serve"},
                                 std::vector<std::string>{"serve", "--single"});

    const auto ended = second.run(option);

    CHECK(ended.status == 1);
    CHECK(ended.errors == "bulkhead: " + address +
                              " is in use by another process; stop it or set server.listen in "
                              "plugins.toml\n");
}

TEST_CASE("an edited migration of the core ends serve with its name and the remedy") {
    const Deployment deployment;
    deployment.run({"migrate", "up"});
    forget_checksum(deployment.folder(), "core");

    const auto ended = deployment.run({"serve"});

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, "was edited"));
    CHECK(contains(ended.errors, "core/"));
    CHECK(contains(ended.errors, "restore the file"));
}

TEST_CASE("a database that cannot be opened ends serve with its reason") {
    const Deployment deployment;
    std::ofstream(deployment.folder() / "test.db") << "this is no database, not at all";
    const auto option = GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{"serve"},
                                 std::vector<std::string>{"serve", "--single"});

    const auto ended = deployment.run(option);

    CHECK(ended.status == 1);
    CHECK(is_one_sentence(ended.errors));
    CHECK(contains(ended.errors, "test.db"));
}
