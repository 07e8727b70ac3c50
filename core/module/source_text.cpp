#include "module/source_text.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

namespace bulkhead::module {

namespace {

// What SQL and names are made of; other escapes are of no interest here.
std::string unescaped(std::string_view literal) {
    std::string text;
    for (std::size_t at = 0; at < literal.size(); ++at) {
        const bool escape = literal[at] == '\\' && at + 1 < literal.size();
        const char c = escape ? literal[++at] : literal[at];
        const bool blank = escape && (c == 't' || c == 'r');
        text += blank ? ' ' : escape && c == 'n' ? '\n' : c;
    }
    return text;
}

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
        const auto open = std::min(text_.find('(', at_), text_.size());
        const auto close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
        const auto end = std::min(text_.find(close, open), text_.size());
        keep(std::min(open + 1, end), end);
        at_ = behind_ = std::min(end + close.size(), text_.size());
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
        at_ = behind_ = std::min(end + 1, text_.size());
    }
    void keep(std::size_t begin, std::size_t end) {
        file_.literals.push_back(text_.substr(begin, end - begin));
        join(unescaped(file_.literals.back()));
        blank(file_.code, begin, end);
    }
    // Between two neighbours there is nothing but blanks and comments, which are blank by now.
    void join(std::string literal) {
        const auto between = std::string_view(file_.uncommented).substr(behind_, at_ - behind_);
        const bool neighbour =
            !file_.texts.empty() && between.find_first_not_of(" \t\r\n") == std::string_view::npos;
        if (neighbour)
            file_.texts.back() += literal;
        else
            file_.texts.push_back(std::move(literal));
    }
    static void blank(std::string& text, std::size_t begin, std::size_t end) {
        std::replace_if(
            text.begin() + static_cast<std::ptrdiff_t>(begin),
            text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c != '\n'; }, ' ');
    }

    SourceFile& file_;
    const std::string& text_;
    std::size_t at_ = 0;
    std::size_t behind_ = 0;  ///< the last literal
};

}  // namespace

bool SourceFile::in(std::string_view folder) const {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

SourceFile take_apart(std::string path, std::string text) {
    SourceFile file;
    file.path = std::move(path);
    file.text = std::move(text);
    Lexer(file).run();
    return file;
}

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> includes;
    static const std::regex directive(R"(^\s*#\s*include\b)");
    const auto lines = lines_of(file.uncommented);
    const auto code = lines_of(file.code);  // Without what is written within literals.
    for (std::size_t line = 0; line < lines.size(); ++line)
        if (std::smatch match; std::regex_search(code[line], directive) &&
                               std::regex_search(lines[line], match, pattern))
            includes.push_back({match[2], match[1] == "\"", line + 1});
    return includes;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace bulkhead::module
