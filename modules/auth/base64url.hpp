#pragma once
// Base64url without padding (RFC 7515, 2), the only text form of bytes in tokens.

#include <optional>
#include <string>
#include <string_view>

namespace auth {

std::string to_base64url(std::string_view bytes);

/// Empty for anything that to_base64url would not have written: padding, white space, other
/// alphabets, stray bits in the last character.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace auth
