#include "module/module_set.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::ModuleSet;
using module::ModuleStatus;
using module::State;

namespace {

const ModuleSet two{"[server]\nlisten = \"ä\"\n", {{"a", "01"}, {"b", "02"}}};

}  // namespace

TEST_CASE("a set that was kept is found again, and only the last one") {
    const test::TemporaryFolder folder;
    const auto data = folder.path() / "var";

    const auto none = module::last_good(data);
    REQUIRE(module::keep_last_good(data, {"old", {}}));
    REQUIRE(module::keep_last_good(data, two));
    const auto found = module::last_good(data);

    CHECK_FALSE(none);
    REQUIRE(found);
    CHECK(found->text == two.text);
    CHECK(found->pins == two.pins);
    CHECK(std::distance(std::filesystem::directory_iterator(data), {}) == 1);
    using std::filesystem::perms;
    CHECK(std::filesystem::status(data / "last-good.json").permissions() ==
          (perms::owner_read | perms::owner_write));
}

TEST_CASE("a damaged set is none") {
    const test::TemporaryFolder folder;
    REQUIRE(module::keep_last_good(folder.path(), two));
    const auto whole = test::bytes_of(folder.path() / "last-good.json");
    const auto damaged =
        GENERATE_COPY(std::string(), whole.substr(0, whole.size() / 2),
                      test::patched(whole, "listen", "listne"), std::string("{}"), whole + "}");
    test::write(folder, "last-good.json", damaged);

    CHECK_FALSE(module::last_good(folder.path()));
}

TEST_CASE("a set's name follows its text and its contents") {
    CHECK(two.digest().size() == 64);
    CHECK(two.digest() == ModuleSet(two).digest());
    CHECK(two.digest() != ModuleSet{"", two.pins}.digest());
    CHECK(two.digest() != ModuleSet{two.text, {{"a", "01"}, {"b", "03"}}}.digest());
}

TEST_CASE("the pins of a generation are those of its running modules, by name") {
    std::vector<ModuleStatus> modules(3);
    modules[0] = {"z", "1", State::running, "", "z.so", "0z", {}};
    modules[1] = {"f", "1", State::failed, "why", "f.so", "0f", {}};
    modules[2] = {"a", "1", State::running, "", "a.so", "0a", {}};

    CHECK(module::pins_of(modules) == std::vector<module::Pin>{{"a", "0a"}, {"z", "0z"}});
}

TEST_CASE("a folder that cannot hold the set is told with the remedy") {
    const test::TemporaryFolder folder;
    test::write(folder, "blocked", "a file, no folder");

    const auto kept = module::keep_last_good(folder.path() / "blocked", two);

    REQUIRE_FALSE(kept);
    CHECK_THAT(kept.error().message,
               Catch::Contains("blocked/last-good.json") && Catch::Contains("server.data"));
}
