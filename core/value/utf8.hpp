#pragma once
// UTF-8 (RFC 3629), strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.

#include <cstddef>
#include <optional>
#include <string_view>

namespace bulkhead::value {

/// Bytes of the code point with which `text` begins, 1 to 4; 0 when these are no UTF-8.
std::size_t code_point_bytes(std::string_view text);

/// Code points of the whole text; empty when it is not UTF-8.
std::optional<std::size_t> code_points(std::string_view text);

/// At most `limit_bytes` from the front, never cutting a code point; for what a message quotes.
std::string_view front_of(std::string_view text, std::size_t limit_bytes);

}  // namespace bulkhead::value
