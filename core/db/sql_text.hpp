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

/// Words in lower case, quoted names without their quotes, and every other sign by itself. A quoted
/// text is the sign ', a parameter the sign :, and comments are left out.
std::vector<std::string> tokens_of(std::string_view sql);

/// One line of at most 300 bytes, for log lines and messages.
std::string shortened(std::string_view sql);

}  // namespace bulkhead::db
