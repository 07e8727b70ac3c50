#pragma once

#include <string>
#include <string_view>

namespace bulkhead::value {

/// 64 hexadecimal digits in lower case (FIPS 180-4). Throws std::runtime_error when the
/// cryptographic library refuses to work.
std::string sha256(std::string_view bytes);

}  // namespace bulkhead::value
