#include "module/description.hpp"

#include "core/module/files.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>
#include <catch2/catch.hpp>

using namespace bulkhead;
using module::Description;

namespace {

Description description_of(const std::string& tables) {
    const test::TemporaryFolder folder;
    for (const std::string name : {"good", "guest"})
        test::write(folder, "modules/" + name + ".so", test::fixture(name));
    const auto file =
        test::write(folder, "plugins.toml", "[modules]\ndirectory = \"modules\"\n" + tables);
    auto configuration = module::load_configuration(file);
    REQUIRE(configuration);
    const auto generation = module::Generation::create(*std::move(configuration), {});
    REQUIRE(generation);
    return module::describe(**generation);
}

std::string value_of(const Description& description, const std::string& key) {
    const auto found = std::ranges::find(description.settings, key, &module::Setting::key);
    return found == description.settings.end() ? "absent" : found->value;
}

}  // namespace

TEST_CASE("a generation is described by its modules, routes and settings") {
    const auto description =
        description_of("[http]\nheader_count = 50\n[module.good]\nqueue = 7\n[module.guest]\n");

    REQUIRE(description.modules.size() == 2);
    CHECK(description.modules[0].version == "1.2.3");
    CHECK(description.modules[0].sha256.size() == 64);
    const auto greeting =
        std::ranges::find(description.routes, "/api/v1/greeting", &module::RouteLine::pattern);
    REQUIRE(greeting != description.routes.end());
    CHECK(greeting->method == "GET");
    CHECK(greeting->module == "good");
    CHECK_FALSE(greeting->scope);
    CHECK(std::ranges::count(description.routes, "core", &module::RouteLine::module) > 0);
    CHECK(value_of(description, "http.header_count") == "50");
    CHECK(value_of(description, "http.body_bytes") == "1048576");
    CHECK(value_of(description, "module.good.queue") == "7");
    CHECK(value_of(description, "module.guest.settings.chairs") == "4");
    CHECK(std::ranges::is_sorted(description.settings, {}, &module::Setting::key));
}

TEST_CASE("the settings of a module that does not run are of no effect") {
    const auto description = description_of(
        "[module.good]\n[module.guest]\nenabled = false\n[module.guest.settings]\nchairs = 6\n");

    CHECK(value_of(description, "module.guest.enabled") == "false");
    CHECK(value_of(description, "module.guest.settings.chairs") == "absent");
}

TEST_CASE("a description survives its way to the supervisor") {
    const auto description = description_of("[module.good]\n[module.guest]\n");

    const auto text = json::text_of(description);
    const auto read = json::read<Description>(text);

    REQUIRE(read);
    CHECK(json::text_of(*read) == text);
}

TEST_CASE("a generation is described by the features of HTTP, too") {
    const auto description = description_of(
        "[rate_limit]\ncaller_burst = 9\n[static.docs]\npath = \"/docs\"\nfolder = \"modules\"\n");

    CHECK(value_of(description, "rate_limit.caller_burst") == "9");
    CHECK(value_of(description, "static.docs.folder") == "modules");
    CHECK(value_of(description, "compression.gzip_level") == "6");
    CHECK(std::ranges::find(description.routes, "/docs/*", &module::RouteLine::pattern) !=
          description.routes.end());
}
