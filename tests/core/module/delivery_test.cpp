#include "module/delivery.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
namespace fs = std::filesystem;

namespace {

/// A server's folder with the module directory `modules`, and sources with what was built.
struct Yard {
    test::TemporaryFolder folder;
    module::Configuration configuration;

    Yard() {
        fs::create_directories(path("modules"));
        fs::create_directories(path("sources/build/modules"));
        write("plugins.toml",
              "[modules]\ndirectory = \"modules\"\n[module.orders]\n[module.stock]\n");
        configuration = *module::load_configuration(path("plugins.toml"));
    }
    fs::path path(const fs::path& name) const { return folder.path() / name; }
    void write(const fs::path& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }
    Result<> deliver(const fs::path& from = "sources") const {
        return module::deliver_modules(path(from), configuration);
    }
};

}  // namespace

TEST_CASE("what was built goes where it is served from, if plugins.toml names it") {
    const Yard yard;
    yard.write("sources/build/modules/orders.so", "new");
    yard.write("sources/build/modules/users.so", "not named");
    yard.write("sources/build/orders.o", "no module");

    REQUIRE(yard.deliver());

    CHECK(test::bytes_of(yard.path("modules/orders.so")) == "new");
    CHECK(std::distance(fs::directory_iterator(yard.path("modules")), {}) == 1);
}

TEST_CASE("of several builds the one that was written last is delivered") {
    const Yard yard;
    fs::create_directories(yard.path("sources/old"));
    yard.write("sources/old/orders.so", "old");
    yard.write("sources/build/modules/orders.so", "new");
    const auto now = fs::file_time_type::clock::now();
    fs::last_write_time(yard.path("sources/old/orders.so"), now - std::chrono::hours(1));

    REQUIRE(yard.deliver());

    CHECK(test::bytes_of(yard.path("modules/orders.so")) == "new");
}

TEST_CASE("what is there already is not written again") {
    const Yard yard;
    yard.write("sources/build/modules/orders.so", "same");
    REQUIRE(yard.deliver());
    const auto before = module::state_of_modules(yard.configuration);

    REQUIRE(yard.deliver());

    CHECK(module::state_of_modules(yard.configuration) == before);
}

TEST_CASE("a module directory below the sources is where modules go, not where they come from") {
    const Yard yard;
    yard.write("modules/orders.so", "served");

    REQUIRE(yard.deliver("."));

    CHECK(test::bytes_of(yard.path("modules/orders.so")) == "served");
}

TEST_CASE("the state of a directory changes with each module that is put there") {
    const Yard yard;
    const auto empty = module::state_of_modules(yard.configuration);

    yard.write("modules/orders.so", "x");

    CHECK(empty.empty());
    CHECK(module::state_of_modules(yard.configuration).size() == 1);
}

TEST_CASE("a module directory that cannot be written is named with the remedy") {
    const Yard yard;
    yard.write("sources/build/modules/orders.so", "new");
    fs::remove_all(yard.path("modules"));
    yard.write("modules", "a file");

    const auto delivered = yard.deliver();

    REQUIRE_FALSE(delivered);
    CHECK(delivered.error().message.find("modules/orders.so cannot be written") !=
          std::string::npos);
    CHECK(delivered.error().message.find("modules.directory") != std::string::npos);
}
