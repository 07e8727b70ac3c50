#include "module/verify.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace bulkhead;
using module::Boundary;
using module::Breach;

namespace {

using Names = std::vector<std::string>;

/// A module directory with some of the modules of offenders/, all of them enabled.
class Directory {
public:
    explicit Directory(const Names& offenders) {
        for (const auto& name : offenders)
            add(std::filesystem::path(BULKHEAD_OFFENDERS_DIR) / (name + ".so"));
    }

    void add(const std::filesystem::path& file, const std::string& table = {}) {
        test::write(folder_, "modules/" + file.filename().string(), test::bytes_of(file));
        tables_ += "[module." + file.stem().string() + "]\n" + table;
    }

    module::Verification verify() const {
        const auto file =
            test::write(folder_, "plugins.toml", "[modules]\ndirectory = \"modules\"\n" + tables_);
        const auto configuration = module::load_configuration(file);
        REQUIRE(configuration);
        auto verification = module::verify(*configuration);
        REQUIRE(verification);
        return *std::move(verification);
    }

    bool has_database() const {
        return std::filesystem::exists(folder_.path() / "var/bulkhead.db");
    }

private:
    test::TemporaryFolder folder_;
    std::string tables_;
};

/// A folder of module sources.
class Sources {
public:
    void write(const std::string& file, std::string_view text) const {
        test::write(folder_, file, text);
    }
    void write_module(const std::string& name, const std::string& needs,
                      std::string_view more = {}) const {
        write(name + "/module.cpp", std::string(more) + "\nBULKHEAD_MODULE(.name = \"" + name +
                                        "\", .version = \"1.0.0\", .needs = {" + needs +
                                        "},\n    .start = start<M>)\n");
    }
    module::Verification verify(const std::string& below = {}) const {
        auto verification = module::verify_sources(folder_.path() / below);
        REQUIRE(verification);
        return *std::move(verification);
    }

private:
    test::TemporaryFolder folder_;
};

Names lines_of(const std::vector<Breach>& breaches) {
    Names lines;
    for (const auto& breach : breaches)
        lines.push_back(breach.module + ": " +
                        std::string(names(breach.boundary)[static_cast<int>(breach.boundary)]) +
                        ": " + breach.found);
    return lines;
}

}  // namespace

TEST_CASE("the shipped modules keep to their boundaries, and verifying touches no database") {
    Directory directory({});
    for (const auto* name : {"users", "auth", "orders"})
        directory.add(std::filesystem::path(BULKHEAD_MODULES_DIR) / (std::string(name) + ".so"));

    const auto verification = directory.verify();

    CHECK(lines_of(verification.breaches) == Names{});
    CHECK(verification.modules == Names{"auth", "orders", "users"});
    CHECK_FALSE(directory.has_database());
}

TEST_CASE("a module that goes beyond a boundary is named with what it does") {
    const auto [offender, found] = GENERATE(table<std::string, Names>({
        {"lonely", {"lonely: needs: needs 'shelf' and uses nothing of it"}},
        {"burglar", {"burglar: needs: uses 'shelf.books/1' of 'shelf' without needing it"}},
        {"reader",
         {"reader: tables: reads or writes table 'pages', which no migration creates",
          "reader: tables: reads or writes table 'schema_migrations', which belongs to 'core'",
          "reader: tables: reads or writes table 'shelves', which belongs to 'shelf'"}},
        {"builder",
         {"builder: migrations: 2026-11-20-10-30-drop-shelf.up.sql, line 1, takes something away: "
          "`alter table houses drop column shelf_id`",
          "builder: migrations: alters table 'shelves', which belongs to 'shelf'",
          "builder: migrations: has a foreign key to table 'shelves', which belongs to 'shelf'"}},
        {"squatter",
         {"squatter: routes: POST /api/v1/hidden does not say who may call it",
          "squatter: routes: claims GET /api/v1/shelves/{label}, which 'shelf' claims as GET "
          "/api/v1/shelves/{id}"}},
        {"tangled",
         {"tangled: links: exports tangled_version",
          "tangled: links: linked with libsqlite3.so.0, which only core/db may be",
          "tangled: links: linked with shelf.so, another module",
          "tangled: links: uses bulkhead::value::sha256[abi:cxx11](std::basic_string_view<char, "
          "std::char_traits<char> >), which is inside of the core"}},
    }));
    const Directory directory({"shelf", offender});

    const auto verification = directory.verify();

    CHECK(lines_of(verification.breaches) == found);
    for (const auto& breach : verification.breaches) {
        CHECK_FALSE(breach.expected.empty());
        CHECK_FALSE(breach.remedy.empty());
    }
}

TEST_CASE("all offenders at once are named, each for its own breaches") {
    const Directory directory(
        {"shelf", "lonely", "burglar", "reader", "builder", "squatter", "tangled"});

    const auto verification = directory.verify();

    CHECK(verification.modules.size() == 7);
    CHECK(verification.breaches.size() == 14);
}

TEST_CASE("a module that is not enabled is read all the same") {
    Directory directory({"shelf"});
    directory.add(std::filesystem::path(BULKHEAD_OFFENDERS_DIR) / "reader.so", "enabled = false\n");

    const auto verification = directory.verify();

    CHECK(verification.breaches.size() == 3);
}

TEST_CASE("an enabled module that does not start is a breach of its own, with its reason") {
    Directory directory({});
    directory.add(std::filesystem::path(BULKHEAD_FIXTURES_DIR) / "thrower.so");

    const auto verification = directory.verify();

    CHECK(lines_of(verification.breaches) ==
          Names{"thrower: start: failed: thrower: its constructor threw 'no paper in the printer'; "
                "mend the module, or set module.thrower.enabled = false"});
}

TEST_CASE("sources that include what is not theirs are named by file and line") {
    const auto [include, found] = GENERATE(table<std::string, Names>({
        {"#include \"../shelf/shelf.hpp\"",
         {"reader: includes: service.cpp:2 includes ../shelf/shelf.hpp"}},
        {"#include <shelf/shelf.hpp>",
         {"reader: includes: service.cpp:2 includes shelf/shelf.hpp"}},
        {"#include \"modules/shelf/shelf.hpp\"",
         {"reader: includes: service.cpp:2 includes modules/shelf/shelf.hpp"}},
        {"#include <shelf/api/books.hpp>",
         {"reader: includes: service.cpp:2 includes shelf/api/books.hpp"}},
        {"#include \"http/router.hpp\"",
         {"reader: includes: service.cpp:2 includes http/router.hpp"}},
        {"#include <db/pool.hpp>", {"reader: includes: service.cpp:2 includes db/pool.hpp"}},
        {"#include <boost/json.hpp>", {"reader: includes: service.cpp:2 includes boost/json.hpp"}},
        {"#include <soci/soci.h>", {"reader: includes: service.cpp:2 includes soci/soci.h"}},
        {"#include \"nowhere.hpp\"", {"reader: includes: service.cpp:2 includes nowhere.hpp"}},
        {"#include <bulkhead/module.hpp>", {}},
        {"#include <vector>", {}},
        {"#include <openssl/evp.h>", {}},
        {"#include \"api/pages.hpp\"", {}},
        {"// #include <soci/soci.h>", {}},
        {"auto text = R\"(\n#include <soci/soci.h>\n)\";", {}},
        {"auto cut = R\"(", {}},
    }));
    const Sources sources;
    sources.write_module("shelf", "");
    sources.write("shelf/shelf.hpp", "#pragma once\n");
    sources.write_module("reader", "");
    sources.write("reader/api/pages.hpp", "#pragma once\n");
    sources.write("reader/service.cpp", "\n" + include + "\n");

    const auto verification = sources.verify();

    CHECK(lines_of(verification.breaches) == found);
    CHECK(verification.modules == Names{"reader", "shelf"});
}

TEST_CASE("an api that includes its module's insides is named") {
    const Sources sources;
    sources.write_module("shelf", "");
    sources.write("shelf/shelf.hpp", "#pragma once\n");
    sources.write("shelf/api/books.hpp", "#include \"../shelf.hpp\"\n");

    const auto verification = sources.verify("shelf");

    CHECK(lines_of(verification.breaches) ==
          Names{"shelf: includes: api/books.hpp:1 includes ../shelf.hpp"});
}

TEST_CASE("sources whose SQL, migrations and needs go beyond their module are named") {
    const Sources sources;
    sources.write_module("shelf", "");
    sources.write("shelf/migrations/2026-11-20-10-00-create.up.sql",
                  "create table shelves (id int)");
    sources.write_module("reader", "\"shelf\"", "// .needs = {\"nothing\"}\n");
    sources.write("reader/repository.cpp",
                  "auto text = \"select label\"  // all of it\n    \" from shelves\";\n");
    sources.write("reader/migrations/2026-11-20-10-10-drop.up.sql", "drop table shelves;");
    sources.write("reader/tests/reader_test.cpp", "#include <soci/soci.h>\n");

    const auto verification = sources.verify();

    CHECK(lines_of(verification.breaches) ==
          Names{"reader: needs: needs 'shelf' and includes nothing of its api/",
                "reader: tables: reads or writes table 'shelves', which belongs to 'shelf'",
                "reader: migrations: 2026-11-20-10-10-drop.up.sql, line 1, takes something away: "
                "`drop table shelves`",
                "reader: migrations: drops table 'shelves', which belongs to 'shelf'"});
}

TEST_CASE("SQL behind a comment of its own, and in a header of any ending, is read") {
    const auto [file, text] = GENERATE(table<std::string, std::string>({
        {"sql.h", R"(auto text = "-- all of it\nselect label from shelves";)"},
        {"sql.inc", R"x(R"(select label from "shelves")")x"},
        {"sql.cc", R"(auto text = u8"delete from shelves";)"},
    }));
    const Sources sources;
    sources.write_module("reader", "");
    sources.write("reader/" + file, text);

    CHECK(lines_of(sources.verify().breaches) ==
          Names{"reader: tables: reads or writes table 'shelves', which no migration creates"});
}

TEST_CASE("a folder without a module is refused with the remedy") {
    const test::TemporaryFolder folder;

    const auto empty = module::verify_sources(folder.path());
    const auto absent = module::verify_sources(folder.path() / "absent");

    REQUIRE_FALSE(empty);
    CHECK(empty.error().message.ends_with(
        "holds no module; name the folder of a module.cpp, or a folder of such folders"));
    REQUIRE_FALSE(absent);
    CHECK(absent.error().message.find("No such file or directory") != std::string::npos);
}
