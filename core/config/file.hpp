#pragma once

#include <bulkhead/result.hpp>

#include <filesystem>

namespace bulkhead::config {

/// The whole of a regular file. Refused with "PATH cannot be read (reason)", "PATH is not a regular
/// file", "PATH is larger than N bytes"; the caller adds the remedy.
Result<std::string> read_regular_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Whether `path` is a regular file with these bytes and no others. It is read in pieces.
bool has_content(const std::filesystem::path& path, std::string_view bytes);

}  // namespace bulkhead::config
