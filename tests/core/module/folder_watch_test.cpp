#include "module/folder_watch.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

#include <functional>

using bulkhead::module::FolderWatch;
namespace fs = std::filesystem;

namespace {

struct Sources {
    bulkhead::test::TemporaryFolder folder;

    Sources() {
        fs::create_directories(path("api"));
        fs::create_directories(path("build/CMakeFiles"));
        fs::create_directories(path(".git"));
        write("build/CMakeCache.txt");
        write("service.cpp");
    }
    fs::path path(const fs::path& name) const { return fs::canonical(folder.path()) / name; }
    void write(const fs::path& name) const { std::ofstream(path(name)) << "x"; }
    void rename(const fs::path& from, const fs::path& to) const {
        fs::rename(path(from), path(to));
    }
    void remove(const fs::path& name) const { fs::remove(path(name)); }
};

}  // namespace

TEST_CASE("a source that is written, renamed or removed is a change, and only once") {
    const Sources sources;
    const auto [what, change] = GENERATE(table<std::string, std::function<void(const Sources&)>>({
        {"routes.cpp", [](const auto& in) { in.write("routes.cpp"); }},
        {"service.cpp", [](const auto& in) { in.write("service.cpp"); }},
        {"service.cpp", [](const auto& in) { in.remove("service.cpp"); }},
        {"api/x.hpp", [](const auto& in) { in.write("api/x.hpp"); }},
        {"api/x.hpp", [](const auto& in) { in.rename("service.cpp", "api/x.hpp"); }},
        {"up.sql", [](const auto& in) { in.write("up.sql"); }},
        {"CMakeLists.txt", [](const auto& in) { in.write("CMakeLists.txt"); }},
    }));
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);

    change(sources);
    const auto changed = watch->take_change();

    CHECK(changed == sources.path(what));
    CHECK_FALSE(watch->take_change());
}

TEST_CASE("what is no source is no change") {
    const Sources sources;
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);

    for (const auto* file :
         {"4913", ".routes.cpp.swp", ".#routes.cpp", "routes.cpp~", "#routes.cpp#", "test.db-wal",
          "server.log", "notes.txt", ".git/x.cpp", "build/x.cpp", "build/CMakeFiles/x.cpp"})
        sources.write(file);

    CHECK_FALSE(watch->take_change());
}

TEST_CASE("a folder that is made, filled and moved is watched") {
    const Sources sources;
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);

    fs::create_directories(sources.path("new/deep"));
    const auto made = watch->take_change();
    sources.write("new/deep/a.cpp");
    const auto filled = watch->take_change();
    sources.rename("new", "newer");
    const auto moved = watch->take_change();
    sources.write("newer/deep/b.cpp");
    const auto written = watch->take_change();

    CHECK_FALSE(made);
    CHECK(filled == sources.path("new/deep/a.cpp"));
    CHECK(moved);
    CHECK(written == sources.path("newer/deep/b.cpp"));
}

TEST_CASE("files that were in a folder before it could be watched are a change") {
    const Sources sources;
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);

    fs::create_directories(sources.path("new"));
    sources.write("new/a.cpp");

    CHECK(watch->take_change() == sources.path("new/a.cpp"));
}

TEST_CASE("a folder that becomes build output is left out from then on") {
    const Sources sources;
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);
    fs::create_directories(sources.path("out/deep"));
    REQUIRE_FALSE(watch->take_change());

    sources.write("out/CMakeCache.txt");
    sources.write("out/deep/generated.cpp");

    CHECK_FALSE(watch->take_change());
}

TEST_CASE("more events than the kernel keeps are a change") {
    const Sources sources;
    auto watch = FolderWatch::open(sources.folder.path());
    REQUIRE(watch);
    std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
    int events = 0;
    limit >> events;

    for (int number = 0; number <= events / 2; ++number) {
        sources.write("a");  // Two events each: made or not, closed.
        sources.remove("a");
    }

    CHECK(watch->take_change() == sources.path("x").parent_path());
    sources.write("service.cpp");
    CHECK(watch->take_change() == sources.path("service.cpp"));
}

TEST_CASE("a watched folder that is gone is told") {
    const Sources sources;
    const auto folder = sources.path("watched");
    fs::create_directory(folder);
    auto watch = FolderWatch::open(folder);
    REQUIRE(watch);
    const bool moved = GENERATE(false, true);

    if (moved)
        fs::rename(folder, sources.path("elsewhere"));
    else
        fs::remove(folder);

    CHECK_THROWS_WITH(watch->take_change(), Catch::Contains("watched is gone; put it back"));
}

TEST_CASE("only a folder can be watched") {
    const Sources sources;

    const auto absent = FolderWatch::open(sources.path("absent"));
    const auto file = FolderWatch::open(sources.path("service.cpp"));

    CHECK(absent.error().message ==
          sources.path("absent").string() +
              " cannot be watched (No such file or directory); name the folder of a module's "
              "sources");
    CHECK(file.error().message.find("Not a directory") != std::string::npos);
}
