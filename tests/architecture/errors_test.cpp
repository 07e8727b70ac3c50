#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>

// docs/errors.md lists the codes that the sources can answer with, and no other.

namespace architecture {
namespace {

using Names = std::set<std::string>;

std::string alternatives(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : "|") + name;
    return text;
}

// "users.email": the words before and after the dot, wherever the schema pairs a table with one.
Names columns_of(const std::string& sql) {
    static const std::regex create(R"(create table (?:if not exists )?(\w+)\s*\(([^;]*)\))",
                                   std::regex::icase);
    static const std::regex word(R"(\w+)");
    Names columns;
    for (std::sregex_iterator table(sql.begin(), sql.end(), create), end; table != end; ++table) {
        const std::string body = (*table)[2];
        for (std::sregex_iterator at(body.begin(), body.end(), word), last; at != last; ++at)
            columns.insert((*table)[1].str() + "." + at->str());
    }
    return columns;
}

Names columns_of_the_schema() {
    Names columns;
    for (const auto* folder : {"db", "modules"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder))
            if (entry.path().extension() == ".sql")
                columns.merge(columns_of(read(entry.path().lexically_relative(root()))));
    return columns;
}

// "http.body_bytes": keys of plugins.toml as sentences and places name them.
Names settings() {
    static const std::regex table(R"(^\[([a-z_.]+)\])");
    static const std::regex key(R"(^([a-z_]+)\s*=)");
    Names keys;
    std::string prefix;
    for (const auto& line : lines_of(read("plugins.toml"))) {
        std::smatch match;
        if (std::regex_search(line, match, table))
            prefix = match[1].str() + ".";
        else if (std::regex_search(line, match, key))
            keys.insert(prefix + match[1].str());
    }
    return keys;
}

// `topic = "orders.placed"`, `on<users::UserDeactivated>("orders.cancel_open"`: what an event and a
// subscription are called.
Names names_of_events(const SourceFile& file) {
    static const std::regex name("(?:topic\\s*=|\\bon<[\\w:]+>\\()\\s*\"([a-z0-9_.]+)\"");
    Names names;
    const auto& text = file.uncommented;
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
        names.insert((*at)[1]);
    return names;
}

Names codes_in_the_sources() {
    auto owners = modules();
    owners.insert(owners.end(), {"http", "db", "events", "cache"});
    const std::regex code("(" + alternatives(owners) + R"()\.[a-z][a-z0-9_]*)");
    auto others = columns_of_the_schema();
    others.merge(settings());
    Names codes;
    for (const auto& file : sources()) {
        if (file.in("tests"))
            continue;
        others.merge(names_of_events(file));
        for (const auto& literal : file.literals)
            if (std::regex_match(literal, code))
                codes.insert(literal);
    }
    std::erase_if(codes, [&](const auto& name) { return others.contains(name); });
    return codes;
}

// Rows of the form | `http.not_found` | 404 | meaning |.
Names codes_in_the_list() {
    static const std::regex row(R"(^\| `([a-z_.0-9]+\.[a-z_0-9]+)` \| [1-5]\d\d \| .+ \|$)");
    Names codes;
    for (const auto& line : lines_of(read("docs/errors.md")))
        if (std::smatch match; std::regex_match(line, match, row))
            codes.insert(match[1]);
    return codes;
}

std::vector<std::string> without(const Names& some, const Names& others) {
    std::vector<std::string> left;
    std::ranges::set_difference(some, others, std::back_inserter(left));
    return left;
}

}  // namespace

TEST_CASE("docs/errors.md lists every error code that the sources answer with",
          "[architecture][docs]") {
    const auto codes = codes_in_the_sources();

    REQUIRE_FALSE(codes.empty());
    check_none(without(codes, codes_in_the_list()));
}

TEST_CASE("docs/errors.md lists no error code that the sources do not know",
          "[architecture][docs]") {
    check_none(without(codes_in_the_list(), codes_in_the_sources()));
}

TEST_CASE("columns of a table are told apart from error codes", "[architecture][docs]") {
    const auto columns = columns_of("create table users (id text, email text not null unique);");

    CHECK(columns.contains("users.email"));
    CHECK_FALSE(columns.contains("users.email_taken"));
}

}  // namespace architecture
