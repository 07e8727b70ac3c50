#include "source_tree.hpp"

#include "module/verify.hpp"
#include "module/walls.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <set>

// The floors of docs/architecture.md: who may include whom, and who may know which word.

namespace architecture {
namespace {

using Names = std::set<std::string>;

// What each folder of core/ sees of the others; the SDK is seen by all.
const std::map<std::string, Names> core_floors{
    {"value", {}},
    {"log", {"value"}},
    {"config", {"log", "value"}},
    {"http", {"config", "log", "value"}},
    {"db", {"config", "log", "value"}},
    {"events", {"config", "db", "log", "value"}},
    {"cache", {"config", "db", "log", "value"}},
    {"module", {"cache", "config", "db", "events", "http", "log", "value"}}};

std::string first_folder(std::string_view path) {
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

std::string place(const SourceFile& file, const Include& include) {
    return file.path + ":" + std::to_string(include.line) + " includes " + include.target;
}

std::vector<std::string> offences(
    const std::function<std::string(const SourceFile&, const Include&)>& judge) {
    std::vector<std::string> found;
    for (const auto& file : sources())
        for (const auto& include : includes_of(file))
            if (const auto why = judge(file, include); !why.empty())
                found.push_back(place(file, include) + ": " + why);
    return found;
}

// Of which module a file is part, tests aside; empty if of none.
std::string module_of(const SourceFile& file) {
    return file.in("modules") ? first_folder(file.path.substr(8)) : "";
}

bool is_module(const std::string& name) {
    return std::ranges::find(modules(), name) != modules().end();
}

// A literal of several words is prose for people: "let this user write it" is about the system's.
std::vector<std::string> names_in(const SourceFile& file) {
    auto names = lines_of(file.code);
    for (const auto& literal : file.literals)
        if (literal.find(' ') == std::string::npos)
            names.push_back(literal);
    return names;
}

bool is_standard(const Include& include) {
    return !include.quoted && include.target.find_first_of("/.") == std::string::npos;
}

}  // namespace

TEST_CASE("a folder of the core includes only folders of the floors below it",
          "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        if (!file.in("core") || file.in("core/include") || !include.quoted)
            return "";
        const auto from = first_folder(file.path.substr(5));
        const auto to = first_folder(include.target);
        if (!core_floors.contains(from))
            return "core/" + from + " has no floor yet: give it one in this test";
        if (to.empty())
            return "name the folder: \"" + from + "/" + include.target + "\"";
        return to == from || core_floors.at(from).contains(to) ? "" : from + " must not see " + to;
    }));
}

TEST_CASE("the SDK includes nothing but itself and the standard library",
          "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        const bool good =
            is_standard(include) || (!include.quoted && include.target.starts_with("bulkhead/"));
        return !file.in("core/include") || good ? "" : "a module would see it";
    }));
}

TEST_CASE("each library of the core stays in its one folder", "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        if (file.in("tests"))
            return "";
        const auto* wall = bulkhead::module::wall_of_header(include.target);
        if (wall != nullptr && !file.in(wall->home))
            return "only " + std::string(wall->home) + " may";
        const bool metrics = include.target.starts_with("prometheus");
        return metrics && file.path != "core/module/metrics.cpp" ? "only metrics.cpp may" : "";
    }));
}

TEST_CASE("nothing but a module and its tests includes its insides", "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        const auto inside =
            include.target.starts_with("modules/") ? include.target.substr(8) : include.target;
        const auto owner = first_folder(inside);
        if (!is_module(owner) || module_of(file) == owner || file.in("tests"))
            return "";
        return inside.starts_with(owner + "/api/") ? "" : "only its api/ is for others";
    }));
}

TEST_CASE("the sources of every module keep to the boundaries that verify knows",
          "[architecture][floors]") {
    const auto verification = bulkhead::module::verify_sources(root() / "modules");

    REQUIRE(verification);
    CHECK(verification->modules == modules());
    std::vector<std::string> offences;
    for (const auto& breach : verification->breaches)
        offences.push_back("modules/" + breach.module + ": " + breach.found + ": " + breach.remedy);
    check_none(offences);
}

TEST_CASE("verify knows every folder of the core, and every name of the SDK in one of them",
          "[architecture][floors]") {
    static const std::regex declared(R"((^|\n)namespace bulkhead::(\w+) \{)");
    static const std::regex name(
        R"((^|\n)(?:class|struct|enum class|Result<>|namespace) (\w+)( |\())");
    std::vector<std::string> offences;
    for (const auto& entry : std::filesystem::directory_iterator(root() / "core"))
        if (const auto folder = entry.path().filename().string();
            entry.is_directory() && folder != "include" && folder != "cmake" &&
            !bulkhead::module::is_core_folder(folder))
            offences.push_back("core/" + folder + " is not in core/module/walls.hpp");
    for (const auto& file : sources())
        if (std::smatch match; file.in("core/include") &&
                               std::regex_search(file.code, match, declared) &&
                               bulkhead::module::is_core_folder(match[2].str()))
            for (std::sregex_iterator at(file.code.begin(), file.code.end(), name), end; at != end;
                 ++at)
                if (!bulkhead::module::is_of_sdk(match[2].str(), (*at)[2].str()))
                    offences.push_back(file.path + ": " + (*at)[2].str() +
                                       " is not in core/module/walls.hpp");

    check_none(offences);
}

TEST_CASE("the core knows no word of any business", "[architecture][floors]") {
    // `order` alone stays allowed: middleware has an order, and so have atomics.
    static const std::regex words(
        R"((^|[^a-z])(users?|customers?|products?|orders)([^a-z]|$))"
        R"(|(User|Customer|Product)s?([^a-z]|$)|(^|[^A-Za-z])Orders?([^a-z]|$)|order_(id|item))");
    static const std::regex allowed("user[-_]?agent", std::regex::icase);
    std::vector<std::string> found;
    for (const auto& file : sources())
        if (file.in("core"))
            for (const auto& name : names_in(file))
                if (std::regex_search(std::regex_replace(name, allowed, ""), words))
                    found.push_back(file.path + ": " + name);

    check_none(found);
}

}  // namespace architecture
