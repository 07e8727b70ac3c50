#include "module/gate.hpp"

#include "core/module/files.hpp"
#include "module/inventory.hpp"

#include <bulkhead/manifest.hpp>

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace bulkhead;
using module::State;
using test::patched;

namespace {

// A module directory with a plugins.toml, and a canary that dies as soon as a file is loaded.
class Directory {
public:
    Directory() { ::setenv("BULKHEAD_CANARY", canary().c_str(), 1); }
    ~Directory() { ::unsetenv("BULKHEAD_CANARY"); }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    void put(const std::string& file, std::string_view bytes) const {
        test::write(folder_, "modules/" + file, bytes);
    }
    module::Inventory inventory(std::string_view tables) const {
        const auto file = test::write(folder_, "plugins.toml",
                                      "[modules]\ndirectory = \"modules\"\n" + std::string(tables));
        const auto configuration = module::load_configuration(file);
        REQUIRE(configuration);
        return module::take_inventory(*configuration, {});
    }
    bool code_has_run() const { return std::filesystem::exists(canary()); }

private:
    std::filesystem::path canary() const { return folder_.path() / "canary"; }

    test::TemporaryFolder folder_;
};

constexpr auto wanted = "[module.good]\n";

}  // namespace

TEST_CASE("a file that fits is admitted, and none of its code has run") {
    const Directory directory;
    directory.put("good.so", test::fixture("good"));

    const auto inventory = directory.inventory(wanted);

    CHECK(inventory.statuses.at("good").state == State::running);
    CHECK(inventory.statuses.at("good").version == "1.2.3");
    CHECK(inventory.admitted.at("good").bytes == test::fixture("good"));
    CHECK_FALSE(directory.code_has_run());
}

TEST_CASE("a file that does not fit is refused by field, found, expected and remedy") {
    const auto good = test::fixture("good");
    const auto abi = std::to_string(build_cxx_abi);
    const auto sanitizer = std::string(build_sanitizer);
    const auto sdk = std::to_string(sdk_major) + "." + std::to_string(sdk_minor);
    const auto minor = "sdk_minor=" + std::to_string(sdk_minor);
    const auto [from, to, sentence] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"sdk_major=1", "sdk_major=2",
         "good.so: sdk is '2." + std::to_string(sdk_minor) + "', expected '" + sdk +
             "' or an older minor of '1'; update the core"},
        {"sdk_major=1", "sdk_major=0",
         "', expected '" + sdk + "' or an older minor of '1'; build the module"},
        {minor, "sdk_minor=9", "good.so: sdk is '1.9', expected '" + sdk + "'"},
        {"compiler=g++-12", "compiler=g++-99",
         "good.so: compiler is 'g++-99', expected 'g++-12'; build the module"},
        {"cxx_abi=" + abi, "cxx_abi=" + std::string(abi.size(), '7'),
         "expected '" + abi + "'; build the module"},
        {"sanitizer=" + sanitizer, "sanitizer=" + std::string(sanitizer.size(), 'x'),
         "expected '" + sanitizer + "'; build the module"},
    }));
    const Directory directory;
    directory.put("good.so", patched(good, from, to));

    const auto inventory = directory.inventory(wanted);

    CHECK(inventory.statuses.at("good").state == State::refused);
    CHECK_THAT(inventory.statuses.at("good").reason, Catch::Contains(sentence));
    CHECK(inventory.admitted.empty());
    CHECK_FALSE(directory.code_has_run());
}

TEST_CASE("an older minor of the SDK is admitted") {
    module::ModuleFile file;
    file.manifest = {"x",
                     "1.0.0",
                     sdk_major,
                     sdk_minor,
                     std::string(build_compiler),
                     build_cxx_abi,
                     std::string(build_sanitizer),
                     {}};

    CHECK(module::refusals(file).empty());

    file.manifest.sdk_minor = sdk_minor - 1;
    CHECK(module::refusals(file).empty());
}

TEST_CASE("several things that do not fit are all told") {
    const auto good = test::fixture("good");
    const Directory directory;
    directory.put("good.so", patched(patched(good, "sdk_major=1", "sdk_major=3"), "compiler=g++",
                                     "compiler=c++"));

    const auto reason = directory.inventory(wanted).statuses.at("good").reason;

    CHECK_THAT(reason, Catch::Contains("sdk is '3.") && Catch::Contains("compiler is 'c++-12'"));
}

TEST_CASE("a file is held against the checksum of plugins.toml, in either case of letters") {
    const auto good = test::fixture("good");
    const Directory directory;
    directory.put("good.so", good);
    auto checksum = directory.inventory(wanted).admitted.at("good").sha256;
    for (char& c : checksum)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto table = wanted + ("sha256 = \"" + checksum + "\"");

    const auto same = directory.inventory(table).statuses.at("good");
    directory.put("good.so", good + "x");
    const auto other = directory.inventory(table).statuses.at("good");

    CHECK(same.state == State::running);
    CHECK(other.state == State::refused);
    CHECK_THAT(other.reason,
               Catch::Contains("good.so: sha256 is '") && Catch::Contains("module.good.sha256"));
}

TEST_CASE("of two files with one name, the one that is called so stays, the other names both") {
    const Directory directory;
    directory.put("good.so", test::fixture("good"));
    directory.put("kopie.so", test::fixture("good"));

    const auto inventory = directory.inventory(wanted);

    CHECK(inventory.statuses.at("good").state == State::running);
    CHECK(inventory.statuses.at("kopie").state == State::refused);
    CHECK(inventory.statuses.at("kopie").reason ==
          "kopie.so: name is 'good', which is also that of good.so; remove one of the two files.");
}

TEST_CASE("a file called otherwise than its module is refused, and its module has no file") {
    const Directory directory;
    directory.put("better.so", test::fixture("good"));

    const auto inventory = directory.inventory(wanted);

    CHECK(inventory.statuses.at("better").reason ==
          "better.so: name is 'good', expected 'better'; rename the file to good.so.");
    CHECK(inventory.statuses.at("good").state == State::refused);
    CHECK_THAT(inventory.statuses.at("good").reason,
               Catch::StartsWith("no file for module 'good' in "));
    CHECK_FALSE(directory.code_has_run());
}

TEST_CASE("files and tables that do not meet have a state that says so") {
    const Directory directory;
    directory.put("good.so", test::fixture("good"));
    directory.put("junk.so", "not at all");
    directory.put("README", "not even called a module");
    directory.put("off.so", "broken, but nobody wants it");

    const auto inventory =
        directory.inventory("[module.goood]\n[module.off]\nenabled = false\n[module.junk]");

    CHECK(inventory.statuses.size() == 4);
    CHECK(inventory.statuses.at("good").state == State::available);
    CHECK_THAT(inventory.statuses.at("good").reason, Catch::Contains("add [module.good]"));
    CHECK(inventory.statuses.at("goood").state == State::refused);
    CHECK_THAT(inventory.statuses.at("goood").reason, Catch::EndsWith("did you mean 'good'?"));
    CHECK(inventory.statuses.at("off").state == State::disabled);
    CHECK(inventory.statuses.at("junk").state == State::refused);
    CHECK_THAT(inventory.statuses.at("junk").reason, Catch::Contains("junk.so is no ELF file"));
    CHECK_FALSE(directory.code_has_run());
}

TEST_CASE("a module directory that is not there leaves every wanted module without a file") {
    const Directory directory;

    const auto inventory = directory.inventory(wanted);

    CHECK(inventory.statuses.at("good").state == State::refused);
    CHECK_THAT(inventory.statuses.at("good").reason,
               Catch::Contains("cannot be read (No such file or directory)"));
}
