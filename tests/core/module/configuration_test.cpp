#include "module/configuration.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;

namespace {

Result<module::Configuration> load(const test::TemporaryFolder& folder, std::string_view text) {
    return module::load_configuration(test::write(folder, "plugins.toml", text));
}

}  // namespace

TEST_CASE("an empty file means every default") {
    const test::TemporaryFolder folder;

    const auto configuration = load(folder, "");

    REQUIRE(configuration);
    CHECK(configuration->server.listen == "127.0.0.1:8080");
    CHECK(configuration->database.url == "sqlite://var/bulkhead.db");
    CHECK(configuration->middleware.order.size() == module::default_middleware.size());
    CHECK(configuration->module.empty());
}

TEST_CASE("each section reaches its owner, and each module its table") {
    const test::TemporaryFolder folder;

    const auto configuration = load(folder, R"(
[server]
listen = "[::1]:0"
[http]
body_bytes = 5
[log]
level = "debug"
access = false
[database]
url = "sqlite://elsewhere.db"
[middleware]
order = []
[module.users]
[module.auth]
enabled = false
in_flight = 3
[module.auth.settings]
whatever = 1
)");

    REQUIRE(configuration);
    CHECK(configuration->server.listen == "[::1]:0");
    CHECK(configuration->http.body_bytes == 5);
    CHECK(configuration->log.level == "debug");
    CHECK_FALSE(configuration->log.access);
    CHECK(configuration->database.url == "sqlite://elsewhere.db");
    CHECK(configuration->middleware.order.empty());
    CHECK(configuration->module.size() == 2);
    CHECK(configuration->module.at("users").enabled);
    CHECK_FALSE(configuration->module.at("auth").enabled);
    CHECK(configuration->module.at("auth").in_flight == 3);
}

TEST_CASE("what is wrong is refused in one sentence with file, line and key") {
    const auto [text, sentence] = GENERATE(table<std::string, std::string>({
        {"[sever]", "plugins.toml:1: unknown key 'sever'; did you mean 'server'?"},
        {"\n[server]\nlisten = \"8080\"", "plugins.toml:3: server.listen is \"8080\""},
        {"[server]\nlisten = \"127.0.0.1:65536\"", "plugins.toml:2: server.listen is"},
        {"[server]\nlisten = \"::1:80\"", "plugins.toml:2: server.listen is"},
        {"[server]\nworkers = 4\nworker_reserve = 4",
         "plugins.toml:3: 'server.worker_reserve' must be below the number of workers, 4; found 4"},
        {"[forwarded]\ntrusted = [\"10.0.0.1/8\"]",
         "plugins.toml:2: 'forwarded.trusted' must list addresses, networks"},
        {"[security_headers]\nframe = \"SAME\"",
         "plugins.toml:2: 'security_headers.frame' must be DENY, SAMEORIGIN or empty; found "
         "'SAME'"},
        {"[cors]\ncredentials = true\norigins = [\"*\"]",
         "plugins.toml:3: 'cors.origins' must name each origin"},
        {"[cors]\norigins = [\"app.example.org\"]",
         "as browsers send them, such as \"https://app.example.org\""},
        {"[compression]\nencodings = [\"zstd\"]",
         "plugins.toml:2: 'compression.encodings' must list br and gzip; found 'zstd'"},
        {"[log]\nlevel = \"verbose\"",
         "plugins.toml:2: 'log.level' must be debug, info, warning or error; found 'verbose'"},
        {"[database]\nurl = \"oracle://me:secret@host/db\"",
         "plugins.toml:2: 'database.url' must be sqlite://PATH, such as sqlite://var/bulkhead.db, "
         "or "
         "postgresql://USER:PASSWORD@HOST:PORT/DATABASE; found 'oracle://'"},
        {"[database]\nurl = \"postgresql://me:secret@host:port/db\"",
         "plugins.toml:2: 'database.url' is no URL that PostgreSQL's client takes"},
        {"[database]\nurl = \"sqlite://\"", "names no file"},
        {"[database]\nurl = \"var/bulkhead.db\"", "found no scheme"},
        {"[module.Users]", "plugins.toml:1: 'module.Users': a module's name is lower-case"},
        {"[module.core]", "plugins.toml:1: 'module.core': the core calls a part of its own so"},
        {"[module.users]\nenbled = true",
         "plugins.toml:2: unknown key 'module.users.enbled'; did you mean 'module.users.enabled'?"},
        {"[module.users]\nsha256 = \"abc\"",
         "plugins.toml:2: 'module.users.sha256' must be 64 hexadecimal digits"},
        {"[module]\nusers = true", "plugins.toml:2: unknown key 'module.users'"},
        {"[module.users]\nsettings = 1",
         "plugins.toml:2: 'module.users.settings': expected a table, found an integer"},
        {"module = 1", "plugins.toml:1: 'module': expected a table, found an integer"},
    }));
    const test::TemporaryFolder folder;

    const auto configuration = load(folder, text);

    REQUIRE_FALSE(configuration);
    CHECK_THAT(configuration.error().message, Catch::Contains(sentence));
    CHECK_THAT(configuration.error().message, !Catch::Contains("secret"));
    CHECK(configuration.error().message.find('\n') == std::string::npos);
}

TEST_CASE("room for all clients that one body could not have is refused") {
    const test::TemporaryFolder folder;

    const auto configuration =
        load(folder, "[http]\nbody_bytes = 2097152\nbuffer_bytes = 1048576\n");

    REQUIRE_FALSE(configuration);
    CHECK_THAT(configuration.error().message,
               Catch::Contains("plugins.toml:3: 'http.buffer_bytes' must be at least "
                               "'http.body_bytes', 2097152") &&
                   Catch::Contains("found 1048576"));
}

TEST_CASE("a folder of files that cannot be served is refused with file, line and key") {
    const auto [text, sentence] = GENERATE(table<std::string, std::string>({
        {"[static.docs]\nfolder = \".\"",
         "plugins.toml:1: 'static.docs.path' must be a path such as \"/docs\""},
        {"[static.docs]\nfolder = \".\"\npath = \"docs\"",
         "plugins.toml:3: 'static.docs.path' must be a path such as \"/docs\", with a slash before "
         "each of its names and none behind the last; found 'docs'"},
        {"[static.docs]\nfolder = \".\"\npath = \"/docs/\"", "plugins.toml:3: 'static.docs.path'"},
        {"[static.docs]\nfolder = \".\"\npath = \"/a//b\"", "plugins.toml:3: 'static.docs.path'"},
        {"[static.docs]\nfolder = \".\"\npath = \"/../b\"", "plugins.toml:3: 'static.docs.path'"},
        {"[static.docs]\nfolder = \".\"\npath = \"/a%20b\"", "plugins.toml:3: 'static.docs.path'"},
        {"[static.a]\npath = \"/x\"\nfolder = \".\"\n[static.b]\npath = \"/x\"\nfolder = \".\"",
         "plugins.toml:5: 'static.b.path' must be another one than that of 'static.a'; found '/x'"},
        {"[static.docs]\npath = \"/docs\"\nfolder = \"nowhere\"",
         "plugins.toml:3: 'static.docs.folder' must be a folder that exists, relative to this "
         "file; "
         "found 'nowhere'"},
        {"[static.docs]\npath = \"/docs\"\nfolder = \"plugins.toml\"",
         "plugins.toml:3: 'static.docs.folder' must be a folder that exists"},
        {"[static.docs]\npath = \"/docs\"",
         "plugins.toml:1: 'static.docs.folder' must be a folder that exists, relative to this "
         "file"},
        {"[static.docs]\npath = \"/docs\"\nfolder = \".\"",
         "plugins.toml:3: 'static.docs.folder' must be a folder of its own, without server.data in "
         "it, which everybody could read; found '.'"},
        {"[server]\ndata = \"/var/lib/x\"\n[static.docs]\npath = \"/docs\"\nfolder = \".\"",
         "must be a folder of its own, without plugins.toml in it"},
        {"[server]\ndata = \"/\"\n[static.docs]\npath = \"/docs\"\nfolder = \"/usr\"",
         "must be a folder of its own, without server.data in it"},
        {"[static.docs]\npath = \"/docs\"\nfolder = \".\"\nindex = \"a/b.html\"",
         "plugins.toml:4: 'static.docs.index' must be the name of a file"},
        {"[static.docs]\npath = \"/docs\"\nfolder = \".\"\nfodler = \"x\"",
         "did you mean 'static.docs.folder'?"},
    }));
    const test::TemporaryFolder folder;

    const auto configuration = load(folder, text);

    REQUIRE_FALSE(configuration);
    CHECK_THAT(configuration.error().message, Catch::Contains(sentence));
}

TEST_CASE("folders of files are served where they say, and each has its table") {
    const test::TemporaryFolder folder;
    create_directory(folder.path() / "html");

    const auto configuration =
        load(folder,
             "[static.root]\npath = \"/\"\nfolder = \"html\"\n"
             "[static.docs]\npath = \"/docs\"\nfolder = \"html\"\ncache_seconds = 5\n");

    REQUIRE(configuration);
    CHECK(configuration->features.files.at("root").path == "/");
    CHECK(configuration->features.files.at("docs").cache_seconds == 5);
}

TEST_CASE("a text that served before is taken though its folder of files is gone") {
    auto document = config::Document::parse(
        "[static.docs]\npath = \"/docs\"\nfolder = \"nowhere\"\n", "plugins.toml");

    CHECK(module::configuration_of(*std::move(document)));
}

TEST_CASE("relative folders are relative to the file") {
    const test::TemporaryFolder folder;

    const auto configuration = load(folder, "[server]\ndata = \"d\"\n[modules]\ndirectory = \"m\"");

    REQUIRE(configuration);
    CHECK(configuration->data_folder() == folder.path() / "d");
    CHECK(configuration->module_directory() == folder.path() / "m");
}

TEST_CASE("without a directory, modules lie beside the executable") {
    const test::TemporaryFolder folder;

    const auto directory = load(folder, "")->module_directory();

    CHECK(directory.is_absolute());
    CHECK(directory == std::filesystem::read_symlink("/proc/self/exe").parent_path() / "modules");
}

TEST_CASE("no number of workers means four per core, at least eight") {
    module::ServerOptions server;

    CHECK(server.worker_count() >= 8);
    server.workers = 3;
    CHECK(server.worker_count() == 3);
}
