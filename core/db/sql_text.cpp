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

/// Behind the PostgreSQL string constant `$tag$...$tag$` that begins at `at`; `at` if none does.
std::size_t behind_dollars(std::string_view sql, std::size_t at) {
    const auto close = std::ranges::find_if_not(sql.substr(at + 1), continues_name);
    const auto length = static_cast<std::size_t>(close - sql.begin()) - at + 1;
    const bool follows_name = at > 0 && continues_name(sql[at - 1]);
    const bool is_tag = close != sql.end() && *close == '$' &&
                        (length == 2 || starts_name(sql[at + 1])) && !follows_name;
    return is_tag ? behind(sql, sql.substr(at, length), at + length) : at;
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
    return rest[0] == '$' ? behind_dollars(sql, at) : at;
}

std::size_t name_length(std::string_view text) {
    if (text.empty() || !starts_name(text[0]))
        return 0;
    return static_cast<std::size_t>(std::ranges::find_if_not(text, continues_name) - text.begin());
}

/// Calls `found(place of the colon, name)` for each parameter.
template <class Found>
void for_each_parameter(std::string_view sql, Found&& found) {
    for (std::size_t at = 0; at < sql.size();) {
        const auto next = skip(sql, at);
        const auto length = next == at && sql[at] == ':' ? name_length(sql.substr(at + 1)) : 0;
        if (length != 0)
            found(at, sql.substr(at + 1, length));
        at = std::max(next, at + 1 + length);
    }
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string sign_or_word(std::string_view text) {
    return is_blank(text[0]) ? std::string() : lower_case(text);
}

std::string what_is_quoted(std::string_view hidden) {
    if (hidden[0] == '\'' || hidden[0] == '$')
        return "'";
    const bool name =
        hidden.size() > 1 && (hidden[0] == '"' || hidden[0] == '`' || hidden[0] == '[');
    return name ? lower_case(hidden.substr(1, hidden.size() - 2)) : std::string();
}

}  // namespace

std::vector<std::string> parameter_names(std::string_view sql) {
    std::vector<std::string> names;
    for_each_parameter(sql, [&](std::size_t, std::string_view name) {
        if (std::ranges::find(names, name) == names.end())
            names.emplace_back(name);
    });
    return names;
}

std::string numbered(std::string_view sql, const std::vector<std::string>& names) {
    std::string text;
    std::size_t copied = 0;
    for_each_parameter(sql, [&](std::size_t colon, std::string_view name) {
        const auto number = std::ranges::find(names, name) - names.begin() + 1;
        text.append(sql.substr(copied, colon - copied)).append("$").append(std::to_string(number));
        copied = colon + 1 + name.size();
    });
    return text.append(sql.substr(copied));
}

std::vector<Token> placed_tokens(std::string_view sql) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        const auto next = sql[at] == '[' ? behind(sql, "]", at + 1) : skip(sql, at);
        const auto word = name_length(sql.substr(at));
        if (auto token = next == at ? sign_or_word(sql.substr(at, std::max<std::size_t>(word, 1)))
                                    : what_is_quoted(sql.substr(at, next - at));
            !token.empty())
            tokens.push_back({std::move(token), at});
        // What follows a colon is the name of a parameter, not a word.
        const auto parameter = sql[at] == ':' && next == at ? name_length(sql.substr(at + 1)) : 0;
        at = std::max(next, at + std::max(word, 1 + parameter));
    }
    return tokens;
}

std::vector<std::string> tokens_of(std::string_view sql) {
    std::vector<std::string> texts;
    for (auto& token : placed_tokens(sql))
        texts.push_back(std::move(token.text));
    return texts;
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
