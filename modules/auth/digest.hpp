#pragma once

#include <string>
#include <string_view>

namespace auth {

std::string sha256(std::string_view text);    ///< 32 bytes
std::string random_bytes(std::size_t count);  ///< fit for secrets

}  // namespace auth
