#include "http/middleware/module_version.hpp"

#include "sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

class Nobody final : public Authenticator {
public:
    Result<Caller> authenticate(std::string_view) override {
        return Error::unauthenticated("test.bad_token", "This token is not valid.");
    }
};

}  // namespace

TEST_CASE("each reply of a module says its version, refusals included") {
    Script script;
    Nobody authenticator;
    auto blueprint = sample_blueprint(script);
    blueprint.authenticator = &authenticator;
    blueprint.module_versions = {{"notes", "1.1.0"}};
    blueprint.middleware.insert(blueprint.middleware.begin() + 1, "module_version");
    Application application(std::move(blueprint));
    const auto [path, status, version] =
        GENERATE(table<std::string, int, std::string>({{"/api/v1/notes", 200, "notes/1.1.0"},
                                                       {"/api/v1/quick", 200, "notes/1.1.0"},
                                                       {"/api/v1/secret", 401, "notes/1.1.0"},
                                                       {"/api/v1/none", 404, ""}}));

    const auto reply = ask(application, "GET", path);

    CHECK(reply.status == status);
    CHECK(header_of(reply, "X-Module-Version") == version);
}

TEST_CASE("no version is said unless middleware.order names module_version") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.module_versions = {{"notes", "1.1.0"}};
    Application application(std::move(blueprint));

    const auto reply = ask(application, "GET", "/api/v1/notes");

    CHECK(header_of(reply, "X-Module-Version").empty());
}
