#pragma once
// Percent-encoding (RFC 3986, 2.1).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::value {

/// What a '+' stands for: itself in a path, a space in the query of an HTML form.
enum class Plus : std::uint8_t { itself, space };

/// Empty when an escape is incomplete. The result may be any bytes.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

/// Appends `text`, everything but the unreserved characters escaped.
void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace bulkhead::value
