#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), always in English, whatever the locale.
std::string http_date(std::time_t time);

/// Reads all three forms that RFC 9110, 5.6.7 demands of a recipient; empty for anything else.
std::optional<std::time_t> time_from_http_date(std::string_view text);

}  // namespace bulkhead::http
