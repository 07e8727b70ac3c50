#pragma once
// SQL as text, before any engine sees it.

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::db {

/// The names of the `:name` parameters, each once, in the order of their first occurrence. Quoted
/// text and names, comments and `::` casts are skipped.
std::vector<std::string> parameter_names(std::string_view sql);

/// The text with each `:name` written as `$n`, its place in `names` counted from 1.
std::string numbered(std::string_view sql, const std::vector<std::string>& names);

/// A word in lower case, a quoted name without its quotes, or one other sign. A quoted text,
/// dollar quotes included, is the sign ', a parameter the sign :.
struct Token {
    std::string text;
    std::size_t at;  ///< its place in the SQL, in bytes
};

/// Comments are left out.
std::vector<Token> placed_tokens(std::string_view sql);
std::vector<std::string> tokens_of(std::string_view sql);

/// One line of at most 300 bytes, for log lines and messages.
std::string shortened(std::string_view sql);

}  // namespace bulkhead::db
