#include "source_tree.hpp"

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
    {"module", {"config", "db", "events", "http", "log", "value"}}};

// Libraries that stay behind one folder, so that they can be replaced there.
const std::vector<std::pair<std::string, std::string>> library_homes{
    {"boost/asio", "core/http"},  {"boost/beast", "core/http"},
    {"soci", "core/db"},          {"sqlite3", "core/db"},
    {"toml++", "core/config"},    {"spdlog", "core/log"},
    {"fmt/", "core/log"},         {"CLI/", "app"},
    {"prometheus", "core/module"}};

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

// `.needs = {"users"}` of modules/<name>/module.cpp.
Names needs_of(const std::string& module) {
    static const std::regex list(R"(\.needs\s*=\s*\{([^}]*)\})");
    static const std::regex name("\"([a-z0-9_]+)\"");
    const auto text = read("modules/" + module + "/module.cpp");
    std::smatch match;
    Names needs;
    if (!std::regex_search(text, match, list))
        return needs;
    const std::string names = match[1];
    for (std::sregex_iterator at(names.begin(), names.end(), name), end; at != end; ++at)
        needs.insert((*at)[1]);
    return needs;
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
        for (const auto& [prefix, home] : library_homes)
            if (include.target.starts_with(prefix) && !file.in(home))
                return "only " + home + " may";
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

TEST_CASE("a module includes the SDK, its own files and the api of the modules it needs",
          "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        const auto module = module_of(file);
        if (module.empty())
            return "";
        const auto own = root() / std::filesystem::path(file.path).parent_path() / include.target;
        if (include.quoted && !std::filesystem::exists(own))
            return "no file of this module";
        const auto owner = first_folder(include.target);
        if (!is_module(owner) || owner == module || needs_of(module).contains(owner))
            return "";
        return "the manifest of " + module + " does not need " + owner;
    }));
}

TEST_CASE("a module's api includes no file of the module's insides", "[architecture][floors]") {
    check_none(offences([](const SourceFile& file, const Include& include) -> std::string {
        const auto api = "modules/" + module_of(file) + "/api";
        if (module_of(file).empty() || !file.in(api) || !include.quoted)
            return "";
        const auto target =
            (std::filesystem::path(file.path).parent_path() / include.target).lexically_normal();
        return target.generic_string().starts_with(api + "/") ? "" : "others would see it";
    }));
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
