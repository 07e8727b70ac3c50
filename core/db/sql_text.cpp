#include "db/sql_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

constexpr std::size_t shown_bytes = 300;

bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) {
    return starts_name(c) || (c >= '0' && c <= '9');
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The place behind the first `end` at or after `from`; the end of the text if there is none.
std::size_t behind(std::string_view sql, std::string_view end, std::size_t from) {
    const auto found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
}

/// Where to go on if something at `at` hides what looks like a parameter; `at` itself if not. A
/// doubled quote within quoted text reads as two texts side by side, which comes to the same.
std::size_t skip(std::string_view sql, std::size_t at) {
    const auto rest = sql.substr(at);
    if (rest[0] == '\'' || rest[0] == '"' || rest[0] == '`')
        return behind(sql, rest.substr(0, 1), at + 1);
    if (rest.starts_with("--"))
        return behind(sql, "\n", at + 2);
    if (rest.starts_with("/*"))
        return behind(sql, "*/", at + 2);
    if (rest.starts_with("::"))
        return at + 2;
    return at;
}

std::size_t name_length(std::string_view text) {
    if (text.empty() || !starts_name(text[0]))
        return 0;
    return static_cast<std::size_t>(std::ranges::find_if_not(text, continues_name) - text.begin());
}

}  // namespace

std::vector<std::string> parameter_names(std::string_view sql) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < sql.size();) {
        const auto next = skip(sql, at);
        const auto length = next == at && sql[at] == ':' ? name_length(sql.substr(at + 1)) : 0;
        if (length != 0) {
            const auto name = sql.substr(at + 1, length);
            if (std::ranges::find(names, name) == names.end())
                names.emplace_back(name);
        }
        at = std::max(next, at + 1 + length);
    }
    return names;
}

std::string shortened(std::string_view sql) {
    std::string line;
    for (const char c : sql) {
        if (line.size() >= shown_bytes)
            return line + " ...";
        if (!is_blank(c))
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

}  // namespace bulkhead::db
