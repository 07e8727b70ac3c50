#pragma once

#include <bulkhead/result.hpp>

#include <filesystem>

namespace bulkhead::config {

/// "env:NAME" and "file:PATH" stand for a value that lies elsewhere: a secret, mostly.
bool is_reference(std::string_view text);

/// What a reference names; PATH is relative to `folder`, its last newline is left out. Refused with
/// the end of a sentence ("names env:X, which is not set; ...") that shows nothing of the value.
Result<std::string> resolve(std::string_view reference, const std::filesystem::path& folder);

constexpr std::size_t max_referenced_file_bytes = 65'536;

}  // namespace bulkhead::config
