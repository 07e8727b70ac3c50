#pragma once

#include <optional>
#include <string>

namespace bulkhead::http {

/// A key of plugins.toml whose value is within its limits, but cannot be served.
struct WrongKey {
    std::string key;       ///< "cors.origins"
    std::string sentence;  ///< what is expected and what was found; one line
};

/// "'cors.origins' <expected>; found '<found>'", with what is not printable as "?".
WrongKey wrong_value(std::string key, const std::string& expected, std::string_view found);

/// Whether a header may have this value: printable ASCII and spaces between it.
bool is_header_text(std::string_view text);

}  // namespace bulkhead::http
