// What is installed is enough: modules are built against it and served by it without this tree.

#include "support/process.hpp"
#include "support/raw_client.hpp"

#include <bulkhead/test/temporary_folder.hpp>

#include <catch2/catch.hpp>

#include <fstream>

namespace fs = std::filesystem;

namespace {

const fs::path source = BULKHEAD_SOURCE_DIR;
const fs::path build = BULKHEAD_BUILD_DIR;

// Compiling takes its time on a busy machine.
constexpr std::chrono::seconds patience{240};

// Runs to success; the test fails with what was printed otherwise.
std::string run(const fs::path& program, const std::vector<std::string>& arguments,
                const fs::path& folder = {}) {
    const auto ended = run_to_end(program, arguments, {{}, folder, {}, patience});
    std::string command = program;
    for (const auto& argument : arguments)
        command.append(" ").append(argument);
    INFO(command << "\n" << ended.output << ended.errors);
    REQUIRE(ended.status == 0);
    return ended.output;
}

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> missing(const fs::path& folder, const std::vector<std::string>& files) {
    std::vector<std::string> absent;
    for (const auto& file : files)
        if (!fs::exists(folder / file))
            absent.push_back(file);
    return absent;
}

const std::vector<std::string> product{"bin/bulkhead",
                                       "lib/libbulkhead.so",
                                       "lib/libbulkhead.so.1",
                                       "lib/libbulkhead_test.a",
                                       "lib/bulkhead/modules/users.so",
                                       "lib/bulkhead/modules/auth.so",
                                       "lib/bulkhead/modules/orders.so",
                                       "lib/cmake/Bulkhead/BulkheadConfig.cmake",
                                       "lib/cmake/Bulkhead/BulkheadConfigVersion.cmake",
                                       "lib/cmake/Bulkhead/BulkheadModule.cmake",
                                       "include/bulkhead/module.hpp",
                                       "include/bulkhead/test/test_app.hpp",
                                       "include/bulkhead-modules/users/api/directory.hpp",
                                       "include/bulkhead-modules/auth/api/accounts.hpp",
                                       "share/bulkhead/plugins.toml",
                                       "share/bulkhead/postgresql.sh"};

// A team's repository: the shipped modules' sources, and tests of their own for one of them.
fs::path write_project(const fs::path& folder) {
    fs::create_directory(folder);
    for (const auto* module : {"users", "auth", "orders"})
        fs::copy(source / "modules" / module, folder / module, fs::copy_options::recursive);
    fs::create_directory(folder / "orders/tests");
    fs::copy(source / "tests/sdk/orders_test.cpp", folder / "orders/tests/orders_test.cpp");
    std::ofstream(folder / "orders/CMakeLists.txt", std::ios::app)
        << "bulkhead_module_tests(orders)\n";
    std::ofstream(folder / "CMakeLists.txt") << R"(cmake_minimum_required(VERSION 3.25)
project(domains LANGUAGES CXX)
set(CMAKE_NO_SYSTEM_FROM_IMPORTED ON)
add_compile_options(-O0 -Wall -Wextra -Wpedantic -Werror)
enable_testing()
find_package(Bulkhead 1.0 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
add_subdirectory(users)
add_subdirectory(auth)
add_subdirectory(orders)
)";
    return folder;
}

void build_project(const fs::path& folder, const fs::path& prefix) {
    run(BULKHEAD_CMAKE, {"-G", "Ninja", "-S", folder, "-B", folder / "build",
                         "-DCMAKE_PREFIX_PATH=" + prefix.string()});
    run(BULKHEAD_CMAKE, {"--build", folder / "build", "-j", "2"});
}

fs::path write_configuration(const fs::path& folder, const fs::path& modules) {
    const auto file = folder / "plugins.toml";
    std::ofstream(file) << "[server]\nlisten = \"127.0.0.1:0\"\n"
                        << "[database]\nurl = \"sqlite://test.db\"\n"
                        << "[modules]\ndirectory = \"" << modules.string() << "\"\n"
                        << "[module.users]\n[module.auth]\n[module.orders]\n"
                        << "[module.auth.settings]\nhash_memory_kib = 8192\nhash_iterations = 1\n";
    return file;
}

// The status of a registration at the server that runs with this configuration.
int register_somebody(const fs::path& program, const fs::path& configuration) {
    Process server(program, {"serve", "--config", configuration});
    const auto listening = server.wait_for_line(R"("message":"listening")");
    server.wait_for_line("generation ready");
    const auto port = std::stoi(listening.substr(listening.rfind(':') + 1));
    RawClient client(static_cast<std::uint16_t>(port));
    const std::string body =
        R"({"email": "ada@example.org", "password": "correct horse battery", "name": "Ada"})";

    client.send(
        "POST /api/v1/auth/register HTTP/1.1\r\nHost: test\r\n"
        "Content-Type: application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_response().status;
}

// Both packages, unpacked into one folder; the files themselves lie beside it.
fs::path unpack_packages(const fs::path& folder) {
    run(fs::path(BULKHEAD_CMAKE).parent_path() / "cpack",
        {"--config", build / "CPackConfig.cmake", "-B", folder}, folder);
    for (const auto* package : {"bulkhead_0.1.0_amd64.deb", "bulkhead-dev_0.1.0_amd64.deb"})
        run("/usr/bin/dpkg-deb", {"-x", folder / package, folder / "root"});
    return folder / "root";
}

std::string field_of(const fs::path& package, const std::string& name) {
    return run("/usr/bin/dpkg-deb", {"-f", package, name});
}

}  // namespace

TEST_CASE("an installed server finds its library and its modules wherever it lies") {
    const bulkhead::test::TemporaryFolder folder;
    const auto prefix = folder.path() / "prefix";
    run(BULKHEAD_CMAKE, {"--install", build, "--prefix", prefix});
    const auto configuration = write_configuration(folder.path(), "");

    const auto checked = run(prefix / "bin/bulkhead", {"check", "--config", configuration});
    const auto modules =
        run(prefix / "bin/bulkhead", {"modules", "--json", "--config", configuration});

    CHECK(missing(prefix, product) == std::vector<std::string>{});
    CHECK_FALSE(checked.empty());
    CHECK_THAT(modules, Catch::Contains((prefix / "lib/bulkhead/modules/users.so").string()));
    CHECK(modules.find("running") != std::string::npos);
}

TEST_CASE("the shipped modules are built against the packages alone, tested and served") {
    const bulkhead::test::TemporaryFolder folder;
    const auto root = unpack_packages(folder.path());
    const auto project = write_project(folder.path() / "domains");

    build_project(project, root / "usr");

    CHECK(text_of(project / "build/build.ninja").find(source) == std::string::npos);
    CHECK(missing(root / "usr", product) == std::vector<std::string>{});
    run(project / "build/orders/orders_tests", {});
    const auto configuration = write_configuration(folder.path(), project / "build/modules");
    run(root / "usr/bin/bulkhead", {"check", "--config", configuration});
    CHECK(register_somebody(root / "usr/bin/bulkhead", configuration) == 201);
}

TEST_CASE("the packages say what they are, what they need and which file is the administrator's") {
    const bulkhead::test::TemporaryFolder folder;
    const auto root = unpack_packages(folder.path());
    const auto server = folder.path() / "bulkhead_0.1.0_amd64.deb";
    const auto sdk = folder.path() / "bulkhead-dev_0.1.0_amd64.deb";

    CHECK_THAT(field_of(server, "Depends"),
               Catch::Contains("libsoci-core4.0") && Catch::Contains("libargon2-1"));
    CHECK_THAT(field_of(server, "Provides"), Catch::Contains("bulkhead-sdk-1 (= 1."));
    CHECK_THAT(field_of(server, "Description"), Catch::StartsWith("Server for domain modules"));
    CHECK_THAT(field_of(sdk, "Depends"), Catch::Contains("bulkhead (= 0.1.0)") &&
                                             Catch::Contains("catch2") &&
                                             Catch::Contains("ninja-build"));
    CHECK(run("/usr/bin/dpkg-deb", {"-I", server, "conffiles"}) == "/etc/bulkhead/plugins.toml\n");
    const auto configuration = text_of(root / "etc/bulkhead/plugins.toml");
    CHECK_THAT(configuration, Catch::Contains("data = \"/var/lib/bulkhead\"") &&
                                  Catch::Contains("\"sqlite:///var/lib/bulkhead/bulkhead.db\""));
    CHECK_THAT(text_of(root / "lib/systemd/system/bulkhead.service"),
               Catch::Contains("/usr/bin/bulkhead serve --config /etc/bulkhead/plugins.toml"));
}
