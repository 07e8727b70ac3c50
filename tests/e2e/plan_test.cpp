// `bulkhead plan` beside a server that runs, and where none does: it says what would be done, and
// does none of it.

#include "core/module/files.hpp"
#include "module/configuration.hpp"
#include "module/module_set.hpp"
#include "module/quarantine.hpp"
#include "support/deployment.hpp"
#include "support/raw_client.hpp"
#include "value/sha256.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <set>

using namespace bulkhead;

namespace {

const std::string both = "[module.good]\n[module.guest]\n";

// A folder with a plugins.toml and a module directory of its own.
class Site {
public:
    explicit Site(const std::string& tables = both) {
        for (const std::string name : {"good", "guest"})
            put(name, test::fixture(name));
        configure(tables);
    }

    void configure(const std::string& tables) const {
        deployment_.configure_as("[modules]\ndirectory = \"modules\"\n" + tables);
    }
    void put(const std::string& name, const std::string& bytes) const {
        std::filesystem::create_directories(folder() / "modules");
        const auto aside = folder() / "modules" / (name + ".next");
        std::ofstream(aside, std::ios::binary) << bytes;
        std::filesystem::rename(aside, folder() / "modules" / (name + ".so"));
    }
    std::filesystem::path folder() const { return deployment_.folder(); }
    std::filesystem::path config() const { return deployment_.config(); }
    Ended plan(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), "plan");
        return deployment_.run(more);
    }

private:
    Deployment deployment_;
};

constexpr auto* listen = "[server]\nlisten = \"127.0.0.1:0\"\nready_seconds = 20\n";

// The program serving a site.
class Serving {
public:
    explicit Serving(const Site& site)
        : process_(BULKHEAD_PROGRAM, {"serve", "--config", site.config()}),
          listening_(process_.wait_for_line(R"("message":"listening")")),
          ready_(process_.wait_for_line("generation ready")) {}

    /// As it was at the start: one generation, of one worker, that answers.
    bool untouched() const {
        const auto port = listening_.substr(listening_.rfind(':') + 1);
        RawClient client(static_cast<std::uint16_t>(std::stoi(port)));
        client.send("GET /api/v1/greeting HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto worker = static_cast<pid_t>(number_in(ready_, "pid"));
        return client.read_response().status == 200 && ::kill(worker, 0) == 0 &&
               process_.count_of("generation starting") == 1;
    }

private:
    Process process_;
    std::string listening_, ready_;
};

boost::json::value json_of(const Ended& ended) {
    INFO(ended.output << ended.errors);
    boost::system::error_code wrong;
    auto value = boost::json::parse(ended.output, wrong);
    REQUIRE_FALSE(wrong);
    return value;
}

boost::json::value module_in(const boost::json::value& plan, std::string_view name) {
    for (const auto& one : plan.at("modules").as_array())
        if (one.at("name").as_string() == name)
            return one;
    return {};
}

std::set<std::string> everything_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        names.insert(entry.path().lexically_relative(folder));
    return names;
}

}  // namespace

TEST_CASE("plan beside a server that has all there is says that there is nothing to do") {
    const Site site(listen + both);
    const Serving server(site);

    const auto ended = site.plan();

    INFO(ended.output << ended.errors);
    CHECK(ended.status == 0);
    CHECK_THAT(ended.output,
               Catch::Contains("generation 1 serves") && Catch::EndsWith("nothing to do\n"));
    CHECK(server.untouched());
}

TEST_CASE("plan names what a changed configuration would do, and does none of it") {
    struct Row {
        std::string tables;
        std::vector<std::string> lines;
    };
    const auto row = GENERATE(
        values<Row>({{"[module.good]\n[module.guest]\nenabled = false\n",
                      {"-  guest  1.0.0  stops: disabled in plugins.toml", "module.guest.enabled ",
                       "true -> false", "starts a new generation"}},
                     {"[module.good]\nenabled = false\n[module.guest]\nenabled = false\n",
                      {"-  good   1.2.3  stops", "-  GET  /api/v1/greeting  good  open  Greet"}},
                     {"[http]\nheader_count = 50\n[module.good]\n[module.guest]\n",
                      {"~  http.header_count  100 -> 50", "starts a new generation"}},
                     {"[log]\nlevel = \"error\"\n[module.good]\n[module.guest]\n",
                      {"~  log.level  info -> error  at once, without a new generation"}},
                     {"[module.good]\n[module.guest]\n[module.guest.settings]\nchairs = 7\n",
                      {"~  module.guest.settings.chairs  4 -> 7"}}}));
    const Site site(listen + both);
    const Serving server(site);
    site.configure(listen + row.tables);

    const auto ended = site.plan();

    INFO(ended.output << ended.errors);
    CHECK(ended.status == 0);
    for (const auto& line : row.lines)
        CHECK_THAT(ended.output, Catch::Contains(line));
    CHECK(server.untouched());
}

TEST_CASE("plan says what the supervisor cannot change without a restart") {
    const Site site(listen + both);
    const Serving server(site);
    site.configure("[server]\nlisten = \"127.0.0.2:0\"\nready_seconds = 20\n" + both);

    const auto ended = site.plan({"--json"});

    CHECK(ended.status == 0);
    const auto plan = json_of(ended);
    CHECK(plan.at("action").as_string() == "restart");
    CHECK(plan.at("settings").at(0).at("key").as_string() == "server.listen");
    CHECK(plan.at("settings").at(0).at("effect").as_string() == "restart");
}

TEST_CASE("plan sees new, changed and unwanted files of the module directory") {
    const Site site(listen + both);
    const Serving server(site);
    site.put("good", test::fixture("good") + "other content");
    site.put("third", test::renamed(test::fixture("hostile"), "third"));
    site.put("fourth", test::renamed(test::fixture("hostile"), "fourth"));
    site.configure(listen + both + "[module.third]\n");

    const auto ended = site.plan({"--json"});

    CHECK(ended.status == 0);
    const auto plan = json_of(ended);
    CHECK(plan.at("generation").as_int64() == 1);
    CHECK(plan.at("action").as_string() == "generation");
    const auto good = module_in(plan, "good");
    CHECK(good.at("fate").as_string() == "changes");
    CHECK(good.at("version") == good.at("version_before"));
    CHECK(good.at("sha256") != good.at("sha256_before"));
    CHECK(module_in(plan, "guest").at("fate").as_string() == "stays");
    CHECK(module_in(plan, "third").at("fate").as_string() == "starts");
    CHECK(module_in(plan, "fourth").at("fate").as_string() == "ignored");
    CHECK(server.untouched());
}

TEST_CASE("plan is refused by what apply would be refused by, with step, module and reason") {
    const auto [place, sentence] = GENERATE(table<std::string, std::string>(
        {{"constructor_throws",
          "hostile (failed: hostile: its constructor threw 'no paper in the printer'"},
         {"constructor_exits", "step construct of module hostile ended its process: exit status 7"},
         {"constructor_aborts", "step construct of module hostile ended its process: signal 6"},
         {"static_exits", "step load of module hostile ended its process: exit status 7"},
         {"health_aborts", "step health of module hostile ended its process: signal 6"}}));
    const Site site(listen + both);
    const Serving server(site);
    site.put("hostile", test::hostile(place));
    site.configure(listen + both + "[module.hostile]\n");

    const auto ended = site.plan();

    INFO(ended.output << ended.errors);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.errors, Catch::Contains("apply would be refused, and the generation that "
                                             "serves would go on: ") &&
                                 Catch::Contains(sentence));
    CHECK(server.untouched());
}

TEST_CASE("plan knows what the supervisor has quarantined or rolled back") {
    const Site site;
    const auto configuration = module::load_configuration(site.config());
    REQUIRE(configuration);
    module::Quarantine kept(configuration->data_folder());
    SECTION("a module") {
        const auto sha256 = value::sha256(test::fixture("guest"));
        REQUIRE(kept.failed_to_start({"guest", sha256}, 1, "it was ended by signal 11"));

        const auto ended = site.plan();

        INFO(ended.output << ended.errors);
        CHECK(ended.status == 1);
        CHECK_THAT(ended.output, Catch::Contains("!  guest  1.0.0  quarantined: "));
        CHECK_THAT(ended.errors, Catch::Contains("it was ended by signal 11"));
    }
    SECTION("a set") {
        const module::ModuleSet set{configuration->document->text(),
                                    {{"good", value::sha256(test::fixture("good"))},
                                     {"guest", value::sha256(test::fixture("guest"))}}};
        kept.refuse_set(set.digest(), "half of its replies failed");

        const auto ended = site.plan();

        INFO(ended.output << ended.errors);
        CHECK(ended.status == 1);
        CHECK_THAT(ended.errors, Catch::Contains("rolled back before: half of its replies failed"));
    }
}

TEST_CASE("plan does not wait for a module that hangs longer than a start may take") {
    const Site site("[server]\nready_seconds = 1\n[module.hostile]\n");
    site.put("hostile", test::hostile("constructor_hangs"));
    const auto before = everything_in(site.folder());

    const auto ended = site.plan();

    INFO(ended.errors);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.errors, Catch::Contains("step construct of module hostile was not done within "
                                             "server.ready_seconds (1)"));
    CHECK(everything_in(site.folder()) == before);
}

TEST_CASE("plan is refused by a broken plugins.toml with file and line") {
    const Site site(listen + both);
    const Serving server(site);
    const auto [tables, sentence] = GENERATE(table<std::string, std::string>(
        {{"[http]\nheader_cuont = 5\n", "plugins.toml:4: unknown key 'http.header_cuont'"},
         {"[http\n", "plugins.toml:3"},
         {both + "[module.guest.settings]\nchairs = 10\n", "plugins.toml:6"},
         {both + "[module.guest.settings]\ntables = 1\n", "plugins.toml:6"}}));
    site.configure(tables);

    const auto ended = site.plan();

    INFO(ended.errors);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.errors, Catch::Contains(sentence));
    CHECK(server.untouched());
}

TEST_CASE("without a server plan says what a start would do, and leaves nothing behind") {
    const Deployment deployment;
    const auto before = everything_in(deployment.folder());

    const auto ended = deployment.run({"plan"});

    INFO(ended.output << ended.errors);
    CHECK(ended.status == 0);
    CHECK_THAT(ended.output, Catch::Contains("no server runs") &&
                                 Catch::Contains("+  auth    1.0.0  starts: loads ") &&
                                 Catch::Contains("+  POST   /api/v1/orders") &&
                                 Catch::Contains("create-orders") &&
                                 Catch::EndsWith("starts the first generation\n"));
    CHECK(everything_in(deployment.folder()) == before);
}

TEST_CASE("commands that only look leave nothing behind") {
    const auto command = GENERATE("check", "modules", "routes", "openapi");
    const Deployment deployment;
    const auto before = everything_in(deployment.folder());

    const auto ended = deployment.run({command});

    INFO(ended.errors);
    CHECK(ended.status == 0);
    CHECK(everything_in(deployment.folder()) == before);
}

TEST_CASE("plan leaves a database without pending migrations out, and never shows a secret") {
    const Deployment deployment(
        {.seeded = false, .tables = "issuer = \"env:BULKHEAD_PLAN_CANARY\"\n"});
    ::setenv("BULKHEAD_PLAN_CANARY", "canary-7b21", 1);
    REQUIRE(deployment.run({"migrate", "up"}).status == 0);

    const auto ended = deployment.run({"plan", "--json"});

    ::unsetenv("BULKHEAD_PLAN_CANARY");
    CHECK(ended.status == 0);
    CHECK(json_of(ended).at("migrations").as_array().empty());
    CHECK(ended.output.find("canary-7b21") == std::string::npos);
}
