#include "module/private_copy.hpp"

#include "core/module/files.hpp"
#include "module/loader.hpp"
#include "value/sha256.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;

namespace {

module::ModuleFile file_of(const std::string& bytes) {
    return {"modules/x.so", bytes, bulkhead::value::sha256(bytes), {}};
}

}  // namespace

TEST_CASE("a checksum is the one that everybody computes") {
    CHECK(bulkhead::value::sha256("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a copy is called by its content and written once") {
    const test::TemporaryFolder folder;
    const auto copies = folder.path() / "copies";

    const auto first = module::keep_private_copy(file_of("abc"), copies);
    const auto again = module::keep_private_copy(file_of("abc"), copies);
    const auto other = module::keep_private_copy(file_of("abd"), copies);

    REQUIRE((first && again && other));
    CHECK(*first == copies / (bulkhead::value::sha256("abc") + ".so"));
    CHECK(*again == *first);
    CHECK(*other != *first);
    CHECK(test::bytes_of(*first) == "abc");
    CHECK(test::bytes_of(*other) == "abd");
}

TEST_CASE("a damaged copy is written anew") {
    const test::TemporaryFolder folder;
    const auto* damage = GENERATE("", "ab", "abX", "abcd");
    const auto copy = module::keep_private_copy(file_of("abc"), folder.path() / "copies");
    std::ofstream(*copy, std::ios::binary) << damage;

    const auto again = module::keep_private_copy(file_of("abc"), folder.path() / "copies");

    REQUIRE(again);
    CHECK(test::bytes_of(*again) == "abc");
}

TEST_CASE("copies that nobody loads any more are dropped, those in use or to return to stay") {
    const test::TemporaryFolder folder;
    const auto copies = folder.path() / "copies";
    const auto old = module::keep_private_copy(file_of("old"), copies);
    const auto used = module::keep_private_copy(file_of("used"), copies);
    const auto good = module::keep_private_copy(file_of("good"), copies);
    const auto long_ago = std::filesystem::file_time_type::clock::now() - 2 * module::copy_kept;
    std::filesystem::last_write_time(*old, long_ago);
    std::filesystem::last_write_time(*used, long_ago);
    std::filesystem::last_write_time(*good, long_ago);
    REQUIRE(module::keep_private_copy(file_of("used"), copies));
    const std::vector<module::Pin> kept{{"good", bulkhead::value::sha256("good")}};

    module::drop_old_copies(copies, kept);

    CHECK_FALSE(std::filesystem::exists(*old));
    CHECK(std::filesystem::exists(*used));
    CHECK(std::filesystem::exists(*good));
}

TEST_CASE("a file without the entry that the core calls is refused by name") {
    const test::TemporaryFolder folder;
    auto file = file_of(
        test::patched(test::fixture("good"), "bulkhead_module_entry", "bulkhead_module_exits"));

    const auto entry = module::load_module(file, folder.path());

    REQUIRE_FALSE(entry);
    CHECK(entry.error().kind == ErrorKind::invalid);
    CHECK_THAT(entry.error().message, Catch::StartsWith("x.so: cannot be linked (") &&
                                          Catch::Contains("build it against this core."));
}

TEST_CASE("equal content is loaded once in a process") {
    const test::TemporaryFolder here, there;
    const auto file = file_of(test::fixture("good"));

    const auto first = module::load_module(file, here.path());
    const auto second = module::load_module(file, there.path());

    REQUIRE((first && second));
    CHECK(*first == *second);
}
