#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace architecture {
namespace {

class Lexer {
public:
    explicit Lexer(SourceFile& file) : file_(file), text_(file.text) {
        file_.uncommented = file_.code = text_;
    }

    void run() {
        while (at_ < text_.size())
            step();
    }

private:
    void step() {
        if (starts("//"))
            comment(text_.find('\n', at_));
        else if (starts("/*"))
            comment(end_of("*/", at_ + 2));
        else if (starts("R\"") && !within_name())
            raw_literal();
        else if (text_[at_] == '"')
            literal('"');
        else if (text_[at_] == '\'' && !within_name())
            literal('\'');
        else
            ++at_;
    }

    bool starts(std::string_view token) const {
        return text_.compare(at_, token.size(), token) == 0;
    }
    // As in 16'384.
    bool within_name() const {
        return at_ > 0 && (std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0);
    }
    std::size_t end_of(std::string_view token, std::size_t from) const {
        const auto found = text_.find(token, from);
        return found == std::string::npos ? text_.size() : found + token.size();
    }

    void comment(std::size_t end) {
        end = std::min(end, text_.size());
        file_.comments.push_back(text_.substr(at_, end - at_));
        blank(file_.uncommented, at_, end);
        blank(file_.code, at_, end);
        at_ = end;
    }
    void raw_literal() {
        const auto open = text_.find('(', at_);
        const auto close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
        const auto end = end_of(close, open);
        keep(open + 1, end - close.size());
        at_ = end;
    }
    void literal(char quote) {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
            end += text_[end] == '\\' ? 2 : 1;
        end = std::min(end, text_.size());
        if (quote == '"')
            keep(at_ + 1, end);
        else
            blank(file_.code, at_ + 1, end);
        at_ = std::min(end + 1, text_.size());
    }
    void keep(std::size_t begin, std::size_t end) {
        file_.literals.push_back(text_.substr(begin, end - begin));
        blank(file_.code, begin, end);
    }
    static void blank(std::string& text, std::size_t begin, std::size_t end) {
        std::replace_if(
            text.begin() + static_cast<std::ptrdiff_t>(begin),
            text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c != '\n'; }, ' ');
    }

    SourceFile& file_;
    const std::string& text_;
    std::size_t at_ = 0;
};

std::vector<SourceFile> read_sources() {
    std::vector<SourceFile> files;
    for (const auto* folder : {"core", "modules", "app", "tests"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp")
                continue;
            const auto path = entry.path().lexically_relative(root()).generic_string();
            files.push_back(take_apart(path, read(path)));
        }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

}  // namespace

bool SourceFile::in(std::string_view folder) const {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const std::filesystem::path& root() {
    static const std::filesystem::path root = BULKHEAD_SOURCE_DIR;
    return root;
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(root() / file, std::ios::binary);
    if (!in)
        throw std::runtime_error(file.string() + " is not there");
    return {std::istreambuf_iterator<char>(in), {}};
}

SourceFile take_apart(std::string path, std::string text) {
    SourceFile file;
    file.path = std::move(path);
    file.text = std::move(text);
    Lexer(file).run();
    return file;
}

const std::vector<SourceFile>& sources() {
    static const auto files = read_sources();
    return files;
}

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> includes;
    const auto lines = lines_of(file.uncommented);
    for (std::size_t line = 0; line < lines.size(); ++line)
        if (std::smatch match; std::regex_search(lines[line], match, pattern))
            includes.push_back({match[2], match[1] == "\"", line + 1});
    return includes;
}

const std::vector<std::string>& modules() {
    static const auto names = [] {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(root() / "modules"))
            if (entry.is_directory())
                found.insert(entry.path().filename().string());
        return std::vector<std::string>(found.begin(), found.end());
    }();
    return names;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

std::size_t line_at(std::string_view text, std::size_t position) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

void check_none(const std::vector<std::string>& offences) {
    std::string listed;
    for (const auto& offence : offences)
        listed += "\n  " + offence;
    INFO("offences: " << offences.size() << listed);
    CHECK(offences.empty());
}

}  // namespace architecture
