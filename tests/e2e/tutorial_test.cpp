// docs/write-a-module.md, done as it says: what a reader types must give what is printed.

#include "support/running_server.hpp"
#include "support/workshop.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

/// What stands between two fences.
struct Block {
    std::string kind;  ///< "sh", "sh server", "cpp" ...
    Lines lines;
    std::size_t line = 0;  ///< of the page
};

Lines lines_of(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::string text_of(const Lines& lines) {
    std::string text;
    for (const auto& line : lines)
        text += line + "\n";
    return text;
}

std::vector<Block> blocks_of(const Lines& page) {
    std::vector<Block> blocks;
    bool within = false;
    for (std::size_t number = 0; number < page.size(); ++number)
        if (!page[number].starts_with("```")) {
            if (within)
                blocks.back().lines.push_back(page[number]);
        } else if ((within = !within)) {
            blocks.push_back({page[number].substr(3), {}, number + 1});
        }
    return blocks;
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \n");
    return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(" \n") + 1 - first);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

/// Whether the words between the "..." of `expected` follow one another in `actual`.
bool is_like(const std::string& actual, const std::string& expected) {
    std::size_t at = 0;
    std::size_t from = 0;
    while (from <= expected.size()) {
        const auto gap = std::min(expected.find("...", from), expected.size());
        const auto words = trimmed(expected.substr(from, gap - from));
        const auto found = actual.find(words, at);
        if (found == std::string::npos || (from == 0 && found != 0))
            return false;
        at = found + words.size();
        from = gap + 3;
    }
    return true;
}

/// Puts `snippet` where it belongs: between its first and its last line, if both stand in `text`;
/// else behind its first line or before its last one, whichever stands there.
Lines spliced(const Lines& text, const Lines& snippet) {
    const auto find = [&](const std::string& wanted, auto from) {
        return std::find_if(from, text.end(),
                            [&](const auto& line) { return trimmed(line) == trimmed(wanted); });
    };
    auto first = find(snippet.front(), text.begin());
    auto last = find(snippet.back(), first == text.end() ? text.begin() : first + 1);
    if (first == text.end() && last == text.end())
        throw std::runtime_error("has no line: " + snippet.front());
    if (first == text.end())
        first = last;
    if (last == text.end())
        last = first;
    if (find(*first, first + 1) != text.end())
        throw std::runtime_error("has more than one line: " + *first);
    Lines made(text.begin(), first);
    made.insert(made.end(), snippet.begin(), snippet.end());
    made.insert(made.end(), last + 1, text.end());
    return made;
}

/// A reader who does what the blocks say, in one folder and one shell.
class Reader {
public:
    void follow(const Block& block) {
        if (block.kind == "sh")
            type(text_of(block.lines));
        else if (block.kind == "sh server")
            serve(block.lines.at(0));
        else if (block.kind == "text")
            compare(text_of(block.lines));
        else
            save(block);
    }

private:
    void type(const std::string& commands) {
        const auto script = "trap 'pwd > " + state("folder") + "; { export -p; declare -f; } > " +
                            state("names") + "' EXIT\nset -a\n[ ! -e " + state("names") +
                            " ] || . " + state("names") + "\ncd '" + folder().string() + "'\n" +
                            replaced(commands, "127.0.0.1:8080", address_);
        const auto ended = workshop_.run(script);
        said_ = replaced(ended.output, "\r", "");
        INFO(commands << said_ << ended.errors);
        if (ended.status != 0 && server_)
            UNSCOPED_INFO(server_->process().output());
        REQUIRE(ended.status == 0);
    }

    // On a port of its own.
    void serve(const std::string& command) {
        workshop_.replace(folder() / "plugins.toml", address_, "127.0.0.1:0");
        REQUIRE(command == "bulkhead serve");
        server_.emplace(workshop_, folder());
        address_ = "127.0.0.1:" + std::to_string(server_->port());
    }

    void compare(const std::string& expected) const {
        INFO("printed:  " << said_ << "\nexpected: " << expected);
        CHECK(is_like(said_, expected));
    }

    void save(const Block& block) {
        const auto& name = block.lines.at(0);
        const auto file = name.substr(name.find(' ') + 1);
        REQUIRE(name.find_first_of("/-#") == 0);
        if (file.starts_with("modules/"))
            return;  // Shown from the tree: tests/architecture/documents_test.cpp compares it.
        const auto path = path_of(file);
        const Lines snippet(block.lines.begin() + 1, block.lines.end());
        INFO(file);
        workshop_.write(path, text_of(fs::exists(workshop_.folder() / path)
                                          ? spliced(lines_of(workshop_.read(path)), snippet)
                                          : snippet));
    }

    // "migrations/*-create-inventory.up.sql" is the one that ends so.
    fs::path path_of(const std::string& file) const {
        const auto star = file.find('*');
        if (star == std::string::npos)
            return folder() / file;
        for (const auto& entry : fs::directory_iterator(folder() / file.substr(0, star)))
            if (entry.path().string().ends_with(file.substr(star + 1)))
                return entry.path();
        throw std::runtime_error("there is no " + file);
    }

    fs::path folder() const {
        const auto kept = workshop_.folder() / state("folder");
        return fs::exists(kept) ? fs::path(trimmed(workshop_.read(kept))) : workshop_.folder();
    }
    std::string state(const std::string& what) const {
        return (workshop_.folder() / ("." + what)).string();
    }

    Workshop workshop_;
    std::string address_ = "127.0.0.1:8080";
    std::string said_;
    std::optional<AuthorsServer> server_;
};

}  // namespace

TEST_CASE("whoever does what the tutorial says gets what it says") {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/docs/write-a-module.md");
    const auto blocks = blocks_of(lines_of({std::istreambuf_iterator<char>(file), {}}));
    Reader reader;

    for (const auto& block : blocks) {
        INFO("docs/write-a-module.md, line " << block.line);
        reader.follow(block);
    }

    CHECK(std::ranges::count(blocks, "sh", &Block::kind) > 10);
    CHECK(std::ranges::count(blocks, "text", &Block::kind) > 5);
}
