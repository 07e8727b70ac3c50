#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace architecture {
namespace {

const std::set<std::string> top_level{
    "CMakeLists.txt", "CMakePresets.json", "LICENSE",      "README.md", "app",  "core", "db",
    "docs",           "modules",           "plugins.toml", "tests",     "tools"};

// What git ignores at the top is output, not the project.
std::set<std::string> ignored() {
    std::set<std::string> names;
    for (auto line : lines_of(read(".gitignore"))) {
        std::erase(line, '/');
        names.insert(line);
    }
    return names;
}

bool is_overlay(const std::string& name) {
    return name.starts_with("plugins.") && name.ends_with(".toml");
}

}  // namespace

TEST_CASE("the top level holds the fixed entries and dot-files, nothing else",
          "[architecture][layout]") {
    const auto output = ignored();
    std::vector<std::string> strangers;
    for (const auto& entry : std::filesystem::directory_iterator(root())) {
        const auto name = entry.path().filename().string();
        if (!top_level.contains(name) && !name.starts_with('.') && !output.contains(name) &&
            !is_overlay(name))
            strangers.push_back(name + " has its room in one of the folders");
    }

    check_none(strangers);
}

TEST_CASE("every module has the same shape", "[architecture][layout]") {
    std::vector<std::string> missing;
    for (const auto& module : modules())
        for (const auto* file : {"CMakeLists.txt", "module.cpp", "routes.cpp", "routes.hpp"})
            if (const auto path = "modules/" + module + "/" + file;
                !std::filesystem::exists(root() / path))
                missing.push_back(path + " is missing");

    check_none(missing);
}

TEST_CASE("every migration says how it is undone", "[architecture][layout]") {
    static const std::regex name(
        R"(20\d\d-[01]\d-[0-3]\d-[0-2]\d-[0-5]\d-[a-z0-9-]+\.(up|down)\.sql)");
    std::vector<std::string> offences;
    for (const auto* folder : {"db/migrations", "modules"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder)) {
            const auto path = entry.path().lexically_relative(root()).string();
            if (entry.path().parent_path().filename() != "migrations" || !entry.is_regular_file())
                continue;
            if (!std::regex_match(entry.path().filename().string(), name))
                offences.push_back(path + " is not named YYYY-MM-DD-HH-mm-description.up.sql");
            else if (path.ends_with(".up.sql") &&
                     !std::filesystem::exists(root() /
                                              (path.substr(0, path.size() - 7) + ".down.sql")))
                offences.push_back(path + " has no .down.sql");
        }

    check_none(offences);
}

}  // namespace architecture
