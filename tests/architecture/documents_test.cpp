#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>

// What people read is whole: the manual in plugins.toml, the decisions, the links, the tools.

namespace architecture {
namespace {

std::vector<std::filesystem::path> documents() {
    std::vector<std::filesystem::path> files;
    for (const auto* folder : {"docs", "db", "tests", "tools"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder))
            if (entry.path().extension() == ".md" &&
                entry.path().string().find("node_modules") == std::string::npos)
                files.push_back(entry.path());
    if (std::filesystem::exists(root() / "README.md"))
        files.push_back(root() / "README.md");
    return files;
}

std::vector<std::string> links_in(const std::string& markdown) {
    static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
    std::vector<std::string> targets;
    for (std::sregex_iterator at(markdown.begin(), markdown.end(), link), end; at != end; ++at)
        targets.push_back((*at)[1]);
    return targets;
}

bool is_web(const std::string& link) {
    return link.find("://") != std::string::npos || link.starts_with("mailto:");
}

// A block whose first line names a file of this tree: "// modules/orders/routes.cpp". Other names
// are those of the tutorial's own module, which tests/e2e/tutorial_test.cpp writes and builds.
struct Snippet {
    std::string file;
    std::vector<std::string> lines;
};

std::string trimmed(const std::string& line) {
    const auto first = line.find_first_not_of(' ');
    return first == std::string::npos ? ""
                                      : line.substr(first, line.find_last_not_of(' ') + 1 - first);
}

std::vector<Snippet> snippets_in(const std::string& markdown) {
    static const std::regex block("```[a-z]+\n(?://|#) (modules/\\S+)\n([^`]*)```");
    std::vector<Snippet> snippets;
    for (std::sregex_iterator at(markdown.begin(), markdown.end(), block), end; at != end; ++at)
        snippets.push_back({(*at)[1], lines_of((*at)[2].str())});
    return snippets;
}

// The first line of a snippet that its file does not have behind the ones before; empty if none.
std::string first_stranger(const Snippet& snippet) {
    const auto lines = lines_of(read(snippet.file));
    auto at = lines.begin();
    for (const auto& wanted : snippet.lines) {
        if (trimmed(wanted).empty())
            continue;
        at = std::find_if(at, lines.end(),
                          [&](const auto& line) { return trimmed(line) == trimmed(wanted); });
        if (at == lines.end())
            return wanted;
        ++at;
    }
    return "";
}

struct Key {
    std::string name;     ///< "http.body_bytes"; "module.*.queue" for every module alike
    std::string comment;  ///< behind it, or on the lines directly above it
    bool number = false;
};

// Reads the manual line by line, as a person does.
class Manual {
public:
    std::vector<Key> read(const std::string& toml) {
        for (const auto& line : lines_of(toml))
            take(line);
        return keys_;
    }

private:
    void take(const std::string& line) {
        static const std::regex table(R"(^\[([a-z_.]+)\])");
        static const std::regex key(R"(^([a-z0-9_]+)\s*=\s*([^#]*)(#.*)?$)");
        std::smatch match;
        if (line.starts_with('#')) {
            above_ += line + "\n";
            return;
        }
        if (std::regex_search(line, match, table))
            prefix_ =
                std::regex_replace(match[1].str(), std::regex(R"(^module\.\w+$)"), "module.*");
        else if (std::regex_match(line, match, key))
            keys_.push_back({prefix_ + "." + match[1].str(), above_ + match[3].str(),
                             std::isdigit(static_cast<unsigned char>(match[2].str().at(0))) != 0});
        above_.clear();
    }

    std::string prefix_;
    std::string above_;
    std::vector<Key> keys_;
};

// The first mention of a key explains it: the tables of other modules need not repeat it.
std::map<std::string, Key> explained(const std::vector<Key>& keys) {
    std::map<std::string, Key> first;
    for (const auto& key : keys)
        first.try_emplace(key.name, key);
    return first;
}

std::vector<std::string> unexplained(const std::string& toml) {
    static const std::regex range(R"(\d ?(-|\.\.|to) ?\d)");
    std::vector<std::string> found;
    for (const auto& [name, key] : explained(Manual().read(toml)))
        if (key.comment.size() < 5)
            found.push_back(name + " has no comment that says what it is");
        else if (key.number && !std::regex_search(key.comment, range))
            found.push_back(name + " does not say its least and most: \"1-64\"");
    return found;
}

/// The keys of a table of plugins.toml, as its owner declares them.
std::vector<std::string> keys_in(const std::string& header) {
    static const std::regex field(R"re(\bfield\(\s*"(\w+)")re");
    std::vector<std::string> keys;
    const auto text = read(header);
    for (std::sregex_iterator at(text.begin(), text.end(), field), end; at != end; ++at)
        keys.push_back((*at)[1]);
    return keys;
}

const std::map<std::string, std::string> tables_of_http{
    {"http", "core/http/options.hpp"},
    {"tls", "core/http/tls_options.hpp"},
    {"forwarded", "core/http/middleware/forwarded_options.hpp"},
    {"security_headers", "core/http/middleware/security_header_options.hpp"},
    {"cors", "core/http/middleware/cors_options.hpp"},
    {"compression", "core/http/middleware/compression_options.hpp"},
    {"rate_limit", "core/http/middleware/rate_limit_options.hpp"},
    {"static.*", "core/http/static_options.hpp"}};

}  // namespace

TEST_CASE("docs/http.md says of every key of HTTP what it does", "[architecture][docs]") {
    const auto text = read("docs/http.md");
    std::vector<std::string> silent;
    for (const auto& [table, header] : tables_of_http) {
        const auto keys = keys_in(header);
        REQUIRE_FALSE(keys.empty());
        for (const auto& key : keys)
            if (text.find("`" + table + "." + key + "`") == std::string::npos)
                silent.push_back(table + "." + key);
    }

    check_none(silent);
}

TEST_CASE("plugins.toml explains each of its keys, numbers with their limits",
          "[architecture][docs]") {
    check_none(unexplained(read("plugins.toml")));
}

TEST_CASE("a key without a comment or a limit is found", "[architecture][docs]") {
    const auto found = unexplained(
        "[http]\nbytes = 5  # how many, 1-9\nname = \"x\"\n# Why.\ncount = 3\n"
        "[module.a]\nqueue = 1  # length, 0-5\n[module.b]\nqueue = 2\n");

    CHECK(found == std::vector<std::string>{"http.count does not say its least and most: \"1-64\"",
                                            "http.name has no comment that says what it is"});
}

TEST_CASE("every link between documents leads somewhere", "[architecture][docs]") {
    std::vector<std::string> dead;
    for (const auto& file : documents())
        for (const auto& link : links_in(read(file)))
            if (!is_web(link) && !std::filesystem::exists(file.parent_path() / link))
                dead.push_back(file.lexically_relative(root()).string() + " links to " + link);

    check_none(dead);
}

TEST_CASE("the guide for module authors shows code as it is compiled", "[architecture][docs]") {
    const auto snippets = snippets_in(read("docs/write-a-module.md"));
    std::vector<std::string> strangers;
    for (const auto& snippet : snippets)
        if (const auto line = first_stranger(snippet); !line.empty())
            strangers.push_back(snippet.file + " does not have: " + line);

    REQUIRE(snippets.size() > 3);
    check_none(strangers);
}

TEST_CASE("every decision has its number, its four parts and its line in the list",
          "[architecture][docs]") {
    const auto list = read("docs/decisions/README.md");
    std::vector<std::string> offences;
    std::set<std::string> numbers;
    for (const auto& entry : std::filesystem::directory_iterator(root() / "docs/decisions")) {
        const auto name = entry.path().filename().string();
        if (name == "README.md")
            continue;
        const auto text = read(entry.path());
        for (const auto* part : {"## Context", "## Decision", "## Measurement", "## Consequences"})
            if (text.find(part) == std::string::npos)
                offences.push_back(name + " has no " + part);
        if (!numbers.insert(name.substr(0, 4)).second)
            offences.push_back(name + " repeats the number of another decision");
        if (list.find("(" + name + ")") == std::string::npos)
            offences.push_back(name + " is not in docs/decisions/README.md");
    }

    REQUIRE_FALSE(numbers.empty());
    check_none(offences);
}

TEST_CASE("every tool begins by saying what it does", "[architecture][docs]") {
    std::vector<std::string> silent;
    for (const auto& entry : std::filesystem::directory_iterator(root() / "tools")) {
        if (!entry.is_regular_file() || entry.path().extension() == ".md")
            continue;
        const auto lines = lines_of(read(entry.path()));
        if (lines.size() < 2 || !lines[0].starts_with("#!") || !lines[1].starts_with("# "))
            silent.push_back(entry.path().filename().string());
    }

    check_none(silent);
}

}  // namespace architecture
