#pragma once

#include <string_view>

namespace bulkhead::value {

/// Writes all of `bytes`, however many calls that takes; false with errno set when the descriptor
/// takes no more. Async-signal-safe.
bool write_all(int descriptor, std::string_view bytes);

}  // namespace bulkhead::value
