#pragma once

#include <string>
#include <string_view>

namespace bulkhead::value {

/// 64 hexadecimal digits in lower case (FIPS 180-4). Throws std::runtime_error when the
/// cryptographic library refuses to work.
std::string sha256(std::string_view bytes);

/// The same of an open file, from its beginning to its end. Throws std::system_error when it cannot
/// be read.
std::string sha256_of_file(int descriptor);

}  // namespace bulkhead::value
