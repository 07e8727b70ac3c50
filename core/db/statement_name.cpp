#include "db/statement_name.hpp"

#include "db/sql_tables.hpp"
#include "db/sql_text.hpp"
#include "value/utf8.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

constexpr std::size_t longest_name = 64;

bool is_name(std::string_view text) {
    constexpr std::string_view signs = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !text.empty() && text.size() <= longest_name &&
           text.find_first_not_of(signs) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto start = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(start);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Empty if there is none.
std::string_view comment_before(std::string_view sql) {
    sql = trimmed(sql);
    const auto end = sql.find("*/");
    return sql.starts_with("/*") && end != std::string_view::npos ? trimmed(sql.substr(2, end - 2))
                                                                  : std::string_view();
}

}  // namespace

std::string statement_name(std::string_view sql) {
    if (const auto given = comment_before(sql); is_name(given))
        return std::string(given);
    const auto tokens = tokens_of(sql);
    const auto tables = tables_in(sql);
    std::string name = tokens.empty() ? "nothing" : tokens.front();
    if (!tables.empty())
        name += " " + tables.front().table;
    return std::string(value::front_of(name, longest_name));
}

}  // namespace bulkhead::db
