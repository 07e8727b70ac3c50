#include "value/percent.hpp"

#include "value/hex.hpp"

#include <algorithm>

namespace bulkhead::value {
namespace {

constexpr std::string_view escape_digits = "0123456789ABCDEF";  // RFC 3986, 2.1: upper case

/// Takes the two digits after a '%' off `rest`; -1 when they are none.
int take_escape(std::string_view& rest) {
    if (rest.size() < 2)
        return -1;
    const int high = hex_value(rest[0]);
    const int low = hex_value(rest[1]);
    rest.remove_prefix(2);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool unreserved(char c) {
    constexpr std::string_view marks = "-._~";
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        int byte = static_cast<unsigned char>(text.front());
        text.remove_prefix(1);
        if (byte == '%')
            byte = take_escape(text);
        else if (byte == '+' && plus == Plus::space)
            byte = ' ';
        if (byte < 0)
            return {};
        out += static_cast<char>(byte);
    }
    return out;
}

void append_percent_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', escape_digits[byte >> 4], escape_digits[byte & 0xF]};
    }
}

}  // namespace bulkhead::value
