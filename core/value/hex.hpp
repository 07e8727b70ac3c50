#pragma once

#include <string_view>

namespace bulkhead::value {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

/// 0 to 15 for a hexadecimal digit of either case; -1 for anything else.
constexpr int hex_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace bulkhead::value
