#pragma once

#include "module/manifest_reader.hpp"

namespace bulkhead::module {

/// Reads the descriptor of a note: lines of `key=value`, then zeros. Unknown keys are left to later
/// versions; a missing, repeated or unreadable known one is refused.
Result<FileManifest> read_note_text(std::string_view descriptor);

}  // namespace bulkhead::module
