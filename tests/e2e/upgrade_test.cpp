// Modules are upgraded, added, removed, refused and disabled while clients go on asking.

#include "support/generations.hpp"
#include "support/load.hpp"
#include "support/scale.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;

const fs::path first_version = fs::path(BULKHEAD_MODULES_DIR) / "orders.so";
const fs::path second_version = fs::path(BULKHEAD_VERSIONS_DIR) / "orders_1_1/orders.so";
const fs::path extra_module = fs::path(BULKHEAD_FIXTURES_DIR) / "good.so";
constexpr auto* extra_table = "[module.good]\nenabled = true\n";

/// Why a version 1.2 cannot be, and what is said of it.
struct BadVersion {
    const char* kind;
    const char* reason;
};
constexpr std::array bad_versions{BadVersion{"migration", "no_such_table"},
                                  BadVersion{"constructor", "the warehouse is on fire"},
                                  BadVersion{"needs", "warehouse"}};

constexpr auto* middleware =
    "[middleware]\norder = [\"request_id\", \"module_version\", \"access_log\", \"recover\","
    " \"deadline\", \"security_headers\", \"authenticate\", \"authorize\"]\n";

fs::path file_of(const BadVersion& bad) {
    return fs::path(BULKHEAD_VERSIONS_DIR) / ("orders_1_2_" + std::string(bad.kind)) / "orders.so";
}

/// A folder of modules that changes as an administrator changes it.
class ModuleFolder {
public:
    ModuleFolder() {
        for (const auto* name : {"users", "auth", "orders"})
            put(fs::path(BULKHEAD_MODULES_DIR) / (std::string(name) + ".so"));
    }

    fs::path path() const { return folder_.path(); }
    /// In one step: written aside and renamed.
    void put(const fs::path& file) const {
        const auto aside = path() / "being-copied";
        fs::copy_file(file, aside);
        fs::rename(aside, path() / file.filename());
    }
    void remove(const std::string& name) const { fs::remove(path() / (name + ".so")); }

private:
    bulkhead::test::TemporaryFolder folder_;
};

std::string request(const std::string& method, const std::string& path, const std::string& token,
                    const std::string& body = {}) {
    auto text = method + " /api/v1" + path + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!token.empty())
        text += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty())
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n";
    return text + "\r\n" + body;
}

RawResponse ask(std::uint16_t port, const std::string& bytes) {
    RawClient client(port);
    client.send(bytes);
    return client.read_response();
}

/// The access token of a user who has just registered.
std::string sign_up(std::uint16_t port) {
    const std::string login = R"({"email":"ada@example.org","password":"correct horse battery")";
    ask(port, request("POST", "/auth/register", "", login + R"(,"name":"Ada"})"));
    const auto tokens = ask(port, request("POST", "/auth/login", "", login + "}")).body;
    const std::string name = R"("access_token":")";
    const auto start = tokens.find(name) + name.size();
    return tokens.substr(start, tokens.find('"', start) - start);
}

/// A server with the shipped modules, sample data and one user.
class Site {
public:
    Site() : server_(setup()), generations_(server_), token_(sign_up(server_.port())) {}

    ServerSetup setup() const {
        return {.seeded = true, .tables = middleware, .modules = modules_.path()};
    }
    const ModuleFolder& modules() const { return modules_; }
    RunningServer& server() { return server_; }
    Generations& generations() { return generations_; }
    void configure(ServerSetup setup) const { server_.deployment().configure(setup); }

    int status_of(const std::string& path) const {
        return ask(server_.port(), request("GET", path, "")).status;
    }
    /// Of both modules, open and scoped, reading and writing, one that is not found.
    std::vector<LoadRequest> requests() const {
        return {
            {"products", request("GET", "/products?limit=1", "")},
            {"orders", request("GET", "/orders?limit=1", token_)},
            {"no product", request("GET", "/products/01a1f82f-1e80-7000-8000-0000000000ff", "")},
            {"nobody's orders", request("GET", "/orders", "")},
            {"me", request("GET", "/users/me", token_)},
            {"rename", request("PATCH", "/users/me", token_, R"({"name":"Ada"})")}};
    }

private:
    ModuleFolder modules_;
    RunningServer server_;
    Generations generations_;
    std::string token_;
};

const std::map<std::string, int> usual_status{{"products", 200},   {"orders", 200},
                                              {"no product", 404}, {"nobody's orders", 401},
                                              {"me", 200},         {"rename", 200}};

bool is_answered_by_orders(const LoadRequest& request) {
    return request.name != "me" && request.name != "rename";
}

bool needs_caller(const LoadRequest& request) {
    return request.name != "products" && request.name != "no product";
}

std::string found(const RawResponse& reply) {
    return "status " + std::to_string(reply.status) + " of " + reply.header("X-Module-Version") +
           ": " + reply.body;
}

/// The usual answers, those of orders from one of these versions.
LoadJudge answers_of(std::vector<std::string> versions) {
    return [versions = std::move(versions)](const LoadRequest& request, const RawResponse& reply) {
        const auto version = reply.header("X-Module-Version");
        const bool right_version = is_answered_by_orders(request)
                                       ? std::ranges::count(versions, version) == 1
                                       : version == "users/1.0.0";
        return right_version && reply.status == usual_status.at(request.name) ? "" : found(reply);
    };
}

enum class SignIn { possible, impossible, either };

LoadJudge answers_when(SignIn sign_in) {
    return [sign_in](const LoadRequest& request, const RawResponse& reply) {
        const bool refused =
            reply.status == 503 && reply.body.find("auth.unavailable") != std::string::npos;
        const bool usual = reply.status == usual_status.at(request.name);
        if (!needs_caller(request) || sign_in == SignIn::possible)
            return usual ? std::string() : found(reply);
        return refused || (usual && sign_in == SignIn::either) ? std::string() : found(reply);
    };
}

std::size_t entries_of(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::size_t children_of(pid_t pid) {
    std::ifstream list("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) +
                       "/children");
    return static_cast<std::size_t>(
        std::distance(std::istream_iterator<pid_t>(list), std::istream_iterator<pid_t>()));
}

/// What an ended generation must not leave behind, by count.
struct Remains {
    std::size_t processes;
    std::size_t descriptors;
    std::size_t files;

    explicit Remains(const Site& site, pid_t supervisor)
        : processes(children_of(supervisor)),
          descriptors(entries_of("/proc/" + std::to_string(supervisor) + "/fd")),
          files(entries_of(site.modules().path())) {}
    bool operator==(const Remains&) const = default;
};

std::vector<std::string> files_that_are_no_copy(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        if (const auto name = entry.path().filename().string(); name.size() != 64 + 3)
            names.push_back(name);
    return names;
}

/// One round: 1.0 -> 1.1, a module comes, a bad 1.2, the module goes, 1.1 -> 1.0: five applies.
class Round {
public:
    Round(Site& site, Load& load) : site_(site), load_(load) {}

    void run(const BadVersion& bad) {
        site_.modules().put(second_version);
        change({"orders/1.0.0", "orders/1.1.0"});
        CHECK(site_.status_of("/catalogue") == 200);

        site_.modules().put(extra_module);
        auto with_extra = site_.setup();
        with_extra.tables += extra_table;
        site_.configure(with_extra);
        change({"orders/1.1.0"});
        CHECK(site_.status_of("/greeting") == 200);

        site_.modules().put(file_of(bad));
        refuse(bad);
        site_.modules().put(second_version);

        site_.configure(site_.setup());
        site_.modules().remove("good");
        change({"orders/1.1.0"});
        CHECK(site_.status_of("/greeting") == 404);

        site_.modules().put(first_version);
        change({"orders/1.1.0", "orders/1.0.0"});
        CHECK(site_.status_of("/catalogue") == 404);
    }

private:
    // The last of these versions is what serves from now on.
    void change(const std::vector<std::string>& versions) {
        load_.judge_by(answers_of(versions));
        const auto refusal = site_.generations().apply();
        CHECK(refusal.empty());
        site_.generations().wait_for_drained();
        load_.judge_by(answers_of({versions.back()}));
        load_.wait_for_replies(replies_between);
    }

    void refuse(const BadVersion& bad) {
        CHECK_THAT(site_.generations().apply(), Catch::Contains(bad.reason));
        load_.wait_for_replies(replies_between);
    }

    const int replies_between = at_scale(140, 200);
    Site& site_;
    Load& load_;
};

}  // namespace

TEST_CASE("modules are upgraded, added, removed and refused under load without a failed request") {
    Site site;
    const auto supervisor = site.server().process().pid();
    const Remains before(site, supervisor);
    Load load(site.server().port(), site.requests(), answers_of({"orders/1.0.0"}));
    Round round(site, load);

    for (int number = 0; number < at_scale(1, 4); ++number)
        round.run(bad_versions.at(static_cast<std::size_t>(number) % bad_versions.size()));
    load.stop();

    INFO(load.failures());
    CHECK(load.failed() == 0);
    CHECK(site.generations().most_draining() <= 2);
    CHECK(Remains(site, supervisor) == before);
    CHECK(files_that_are_no_copy(site.server().deployment().folder() / "var/modules").empty());
}

TEST_CASE("a version that cannot be is refused, and the one that runs goes on") {
    const auto bad = GENERATE(from_range(bad_versions));
    Site site;
    const auto worker = site.generations().serving();

    site.modules().put(file_of(bad));
    const auto refusal = site.generations().apply();
    const auto reply = ask(site.server().port(), request("GET", "/products", ""));

    CHECK_THAT(refusal, Catch::Contains("orders") && Catch::Contains(bad.reason));
    CHECK(reply.status == 200);
    CHECK(reply.header("X-Module-Version") == "orders/1.0.0");
    CHECK(::kill(worker, 0) == 0);
}

TEST_CASE("while auth is off, open routes go on and those that need a caller say why they do not") {
    Site site;
    Load load(site.server().port(), site.requests(), answers_when(SignIn::possible));
    const int replies_between = at_scale(140, 200);

    for (int rounds = at_scale(1, 4); rounds > 0; --rounds)
        for (const auto sign_in : {SignIn::impossible, SignIn::possible}) {
            load.wait_for_replies(replies_between);
            auto next = site.setup();
            if (sign_in == SignIn::impossible)
                next.disabled = {"auth"};
            load.judge_by(answers_when(SignIn::either));
            site.configure(next);
            CHECK(site.generations().apply().empty());
            site.generations().wait_for_drained();
            load.judge_by(answers_when(sign_in));
        }
    load.wait_for_replies(replies_between);
    load.stop();

    INFO(load.failures());
    CHECK(load.failed() == 0);
    CHECK(site.generations().most_draining() <= 2);
}
