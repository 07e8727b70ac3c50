#pragma once
// Base64url without padding (RFC 4648, 5): bytes as text that is safe in a URL.

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead {

std::string to_base64url(std::string_view bytes);

/// Strict: padding, other alphabets, white space and stray bits in the last character are refused,
/// so that there is exactly one text for each sequence of bytes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace bulkhead
