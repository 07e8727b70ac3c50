// A secret that somebody sends, or that the configuration holds, is in nothing that anybody reads.

#include "support/postgres_server.hpp"
#include "support/running_server.hpp"
#include "support/shoppers.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace {

using Catch::Contains;

constexpr auto* canary = "canary-of-a-password-4711";

std::string account(const std::string& email, const std::string& name) {
    return R"({"email": ")" + email + R"(", "password": ")" + canary + R"(", "name": ")" + name +
           R"("})";
}

std::string password_in(const std::string& url) {
    const auto begin = url.find(':', url.find("://") + 3) + 1;
    return url.substr(begin, url.rfind('@') - begin);
}

}  // namespace

TEST_CASE("a password that a client sends is in no answer and no log, whatever becomes of it") {
    const bool on_postgresql = GENERATE(false, true);
    std::optional<PostgresServer> postgres;
    if (on_postgresql)
        postgres.emplace();
    RunningServer server(
        {.seeded = true, .database_url = on_postgresql ? postgres->url() : std::string()});
    const auto port = server.port();
    std::string answers;
    const auto post = [&](const std::string& path, const std::string& body) {
        const auto answer = ask(port, "POST", "/api/v1" + path, body);
        REQUIRE(answer);
        answers += answer->body + "\n";
        return answer->status;
    };

    CHECK(post("/auth/register", account("ada@example.org", "Ada")) == 201);
    CHECK(post("/auth/register", account("ada@example.org", "Ada")) == 409);  // Unique violation.
    CHECK(post("/auth/register", account("eve@example.org", std::string(500, 'x'))) == 422);
    CHECK(post("/auth/register", R"({"email": ")" + std::string(canary) + R"(", "password": 7})") ==
          422);
    CHECK(post("/auth/login", account("ada@example.org", "x")) == 422);
    CHECK(post("/auth/login", R"({"email": "eve@example.org", "password": ")" +
                                  std::string(canary) + R"("})") == 401);
    server.process().signal(SIGTERM);
    const auto ended = server.process().wait();

    CHECK_THAT(answers, !Contains(canary));
    CHECK_THAT(ended.output + ended.errors, !Contains(canary));
    if (postgres)
        CHECK_THAT(postgres->log(), !Contains(canary));
}

TEST_CASE("the password of the database is in no log, no answer and no command's output") {
    PostgresServer postgres;
    const auto password = password_in(postgres.url());
    REQUIRE(password.size() == 32);
    RunningServer server({.seeded = true, .database_url = postgres.url()});
    const auto& deployment = server.deployment();
    std::string told;
    const auto hear_all = [&] {
        for (const auto* path : {"/ready", "/metrics", "/openapi.json", "/api/v1/products"})
            if (const auto answer = ask(server.port(), "GET", path))
                told += answer->body;
        for (const auto* command : {"check", "plan", "modules", "routes"}) {
            const auto ended = deployment.run({command});
            told += ended.output + ended.errors;
        }
        for (const auto* verb : {"status", "up"}) {
            const auto ended = deployment.run({"migrate", verb});
            told += ended.output + ended.errors;
        }
    };

    hear_all();
    postgres.kill();
    hear_all();
    const auto broken = postgres.url().substr(0, postgres.url().rfind('/')) + "/%zz";
    deployment.configure({.database_url = broken});
    const auto refused = deployment.run({"check"});
    server.process().signal(SIGTERM);
    const auto ended = server.process().wait();

    CHECK(refused.status == 1);
    CHECK_THAT(refused.errors, Contains("database.url"));
    told += refused.output + refused.errors + ended.output + ended.errors;
    CHECK_THAT(told, Contains("db.unavailable"));
    CHECK_THAT(told, !Contains(password));
}
