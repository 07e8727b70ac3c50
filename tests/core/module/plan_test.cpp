#include "module/plan.hpp"

#include "module/setting_lines.hpp"

#include <bulkhead/json.hpp>

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::Description;
using module::ModuleChange;
using module::ModuleStatus;
using module::Plan;
using module::SettingChange;
using module::State;
using Action = Plan::Action;
using Fate = ModuleChange::Fate;

namespace {

ModuleStatus status(const std::string& name, const std::string& version, const std::string& sha256,
                    State state = State::running, const std::string& reason = {}) {
    return {name, version, state, reason, "/modules/" + name + ".so", sha256, {}};
}

// What serves in every test: two modules, a route of each, a few settings.
Description serving() {
    return {{status("orders", "1.0.0", "aa"), status("users", "1.0.0", "bb")},
            {{"GET", "/orders", "orders", "orders:read", "List"},
             {"GET", "/users", "users", std::nullopt, "List"}},
            {{"http.body_bytes", "1000"},
             {"log.level", "info"},
             {"server.data", "var"},
             {"server.listen", "127.0.0.1:8080"}}};
}

const ModuleChange& change_of(const Plan& plan, const std::string& name) {
    for (const auto& change : plan.modules)
        if (change.name == name)
            return change;
    throw std::runtime_error("the plan has no module " + name);
}

}  // namespace

TEST_CASE("a plan from a generation to the same one is nothing to do") {
    const auto plan = module::plan_of(serving(), serving(), {});

    CHECK(plan.action == Action::nothing);
    CHECK(plan.refusal.empty());
    CHECK(plan.routes.empty());
    CHECK(plan.settings.empty());
    REQUIRE(plan.modules.size() == 2);
    CHECK(plan.modules[0].fate == Fate::stays);
}

TEST_CASE("a plan says what becomes of a module") {
    struct Row {
        std::string what;
        std::optional<ModuleStatus> before, after;
        Fate fate;
        Action action;
        bool refused;
    };
    const auto stock = [](State state, const std::string& sha256 = "cc",
                          const std::string& version = "1.0.0") {
        return status("stock", version, sha256, state, state == State::running ? "" : "why.");
    };
    const auto none = std::optional<ModuleStatus>();
    const auto row = GENERATE_COPY(values<Row>({
        {"added", none, stock(State::running), Fate::starts, Action::generation, false},
        {"enabled", stock(State::disabled), stock(State::running), Fate::starts, Action::generation,
         false},
        {"gone", stock(State::running), none, Fate::stops, Action::generation, false},
        {"disabled", stock(State::running), stock(State::disabled), Fate::stops, Action::generation,
         false},
        {"its table gone", stock(State::running), stock(State::available), Fate::stops,
         Action::generation, false},
        {"upgraded", stock(State::running), stock(State::running, "dd", "1.1.0"), Fate::changes,
         Action::generation, false},
        {"other content", stock(State::running), stock(State::running, "dd"), Fate::changes,
         Action::generation, false},
        {"stays", stock(State::running), stock(State::running), Fate::stays, Action::nothing,
         false},
        {"fails from now on", stock(State::running), stock(State::failed, "dd"), Fate::fails,
         Action::generation, true},
        {"new and refused", none, stock(State::refused), Fate::fails, Action::generation, true},
        {"enabled and blocked", stock(State::disabled), stock(State::blocked), Fate::fails,
         Action::generation, true},
        {"fails as before", stock(State::failed), stock(State::failed), Fate::fails,
         Action::nothing, false},
        {"fails in another file", stock(State::failed), stock(State::failed, "dd"), Fate::fails,
         Action::generation, true},
        {"quarantined meanwhile", stock(State::failed), stock(State::quarantined), Fate::fails,
         Action::generation, false},
        {"without a table", none, stock(State::available), Fate::ignored, Action::nothing, false},
    }));
    auto before = serving();
    auto after = serving();
    if (row.before)
        before.modules.push_back(*row.before);
    if (row.after)
        after.modules.push_back(*row.after);

    const auto plan = module::plan_of(before, after, {});

    INFO(row.what);
    CHECK(change_of(plan, "stock").fate == row.fate);
    CHECK(plan.action == row.action);
    CHECK(plan.refusal.empty() != row.refused);
    if (row.refused)
        CHECK_THAT(plan.refusal, Catch::Contains("stock (") && Catch::Contains(": why.") &&
                                     Catch::Contains("the generation that serves would go on"));
}

TEST_CASE("a changed module is told with both versions, both checksums and its file") {
    auto after = serving();
    after.modules[0] = status("orders", "1.1.0", "ff");

    const auto plan = module::plan_of(serving(), after, {});

    const auto& orders = change_of(plan, "orders");
    CHECK(orders.version_before == "1.0.0");
    CHECK(orders.version == "1.1.0");
    CHECK(orders.sha256_before == "aa");
    CHECK(orders.sha256 == "ff");
    CHECK(orders.file == "/modules/orders.so");
}

TEST_CASE("a module that is off on both sides is not worth a line") {
    auto before = serving();
    auto after = serving();
    before.modules.push_back(status("stock", "1.0.0", "cc", State::available));
    after.modules.push_back(status("stock", "1.0.0", "cc", State::disabled));

    const auto plan = module::plan_of(before, after, {});

    CHECK(plan.modules.size() == 2);
}

TEST_CASE("a plan names the routes that appear, change and go") {
    auto after = serving();
    after.routes.erase(after.routes.begin());
    after.routes[0].scope = "users:read";
    after.routes.push_back({"POST", "/users", "users", std::nullopt, "Register"});

    const auto plan = module::plan_of(serving(), after, {});

    CHECK(plan.action == Action::generation);
    REQUIRE(plan.routes.size() == 3);
    CHECK(plan.routes[0].before->pattern == "/orders");
    CHECK_FALSE(plan.routes[0].after);
    CHECK_FALSE(plan.routes[1].before->scope);
    CHECK(plan.routes[1].after->scope == "users:read");
    CHECK_FALSE(plan.routes[2].before);
    CHECK(plan.routes[2].after->method == "POST");
}

TEST_CASE("a plan says how far a changed setting reaches") {
    struct Row {
        std::string key;
        SettingChange::Effect effect;
        Action action;
        bool refused;
    };
    const auto row = GENERATE(values<Row>(
        {{"http.body_bytes", SettingChange::Effect::generation, Action::generation, false},
         {"log.level", SettingChange::Effect::at_once, Action::log_level, false},
         {"server.listen", SettingChange::Effect::restart, Action::restart, false},
         {"server.data", SettingChange::Effect::restart, Action::restart, true}}));
    auto after = serving();
    std::string old;
    for (auto& setting : after.settings)
        if (setting.key == row.key)
            old = std::exchange(setting.value, "another");

    const auto plan = module::plan_of(serving(), after, {});

    REQUIRE(plan.settings.size() == 1);
    CHECK(plan.settings[0].key == row.key);
    CHECK(plan.settings[0].before == old);
    CHECK(plan.settings[0].after == "another");
    CHECK(plan.settings[0].effect == row.effect);
    CHECK(plan.action == row.action);
    CHECK(plan.refusal.empty() != row.refused);
}

TEST_CASE("a setting appears and goes with its table") {
    auto before = serving();
    auto after = serving();
    before.settings.push_back({"module.old.queue", "1"});
    after.settings.push_back({"module.new.queue", "2"});

    const auto plan = module::plan_of(before, after, {});

    REQUIRE(plan.settings.size() == 2);
    CHECK_FALSE(plan.settings[0].before);
    CHECK(plan.settings[0].after == "2");
    CHECK(plan.settings[1].before == "1");
    CHECK_FALSE(plan.settings[1].after);
}

TEST_CASE("a pending expand migration needs a generation, a contract one only waits") {
    const auto [kind, action] = GENERATE(
        table<db::MigrationClass, Action>({{db::MigrationClass::expand, Action::generation},
                                           {db::MigrationClass::contract, Action::nothing}}));

    const auto plan = module::plan_of(serving(), serving(), {{"orders", "2026-01-01", kind}});

    CHECK(plan.action == action);
    REQUIRE(plan.migrations.size() == 1);
    CHECK(plan.migrations[0].migration_class == kind);
}

TEST_CASE("without a server the plan is a start, and what fails is named") {
    auto next = serving();
    next.modules.push_back(status("stock", "1.0.0", "cc", State::failed, "no paper."));

    const auto plan = module::plan_of(std::nullopt, next, {});

    CHECK(plan.action == Action::start);
    CHECK_FALSE(plan.generation);
    CHECK(change_of(plan, "orders").fate == Fate::starts);
    CHECK(plan.routes.size() == 2);
    CHECK(plan.settings.empty());
    CHECK_THAT(plan.refusal, Catch::StartsWith("a start would leave out") &&
                                 Catch::Contains("stock (failed: no paper.)"));
}

TEST_CASE("the JSON of a plan keeps its form") {
    auto after = serving();
    after.modules.pop_back();
    after.routes.pop_back();
    after.settings[0].value = "2000";

    const auto plan = module::plan_of(serving(), after, {{"orders", "add-note"}});

    CHECK(json::text_of(plan) ==
          R"({"generation":null,"action":"generation","refusal":"","modules":[)"
          R"({"name":"orders","fate":"stays","version_before":"1.0.0","version":"1.0.0",)"
          R"("sha256_before":"aa","sha256":"aa","file":"/modules/orders.so","reason":""},)"
          R"({"name":"users","fate":"stops","version_before":"1.0.0","version":"",)"
          R"("sha256_before":"bb","sha256":"","file":"",)"
          R"("reason":"neither in plugins.toml nor in the module directory any more."}],)"
          R"("migrations":[{"module":"orders","name":"add-note","class":"expand"}],)"
          R"("routes":[{"before":{"method":"GET","pattern":"/users","module":"users",)"
          R"("scope":null,"summary":"List"},"after":null}],)"
          R"("settings":[{"key":"http.body_bytes","before":"1000","after":"2000",)"
          R"("effect":"generation"}]})");
}

TEST_CASE("a plan between two secrets shows neither") {
    struct Login {
        std::string url;
        std::string password;
        static auto fields() {
            return shape(field("url", &Login::url), field("password", &Login::password));
        }
    };
    const auto document = config::Document::parse("", "plugins.toml");
    REQUIRE(document);
    const auto described = [&](const Login& login) {
        return Description{{}, {}, module::setting_lines(*document, "mail", login)};
    };

    const auto plan = module::plan_of(described({"smtp://me:canary-1@old", "canary-2"}),
                                      described({"smtp://me:canary-3@new", "canary-4"}), {});

    REQUIRE(plan.settings.size() == 1);
    CHECK(plan.settings[0].before == "smtp://old");
    CHECK(plan.settings[0].after == "smtp://new");
    CHECK(json::text_of(plan).find("canary") == std::string::npos);
}
