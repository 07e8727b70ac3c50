#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace bulkhead::value {

/// Whether this character stands in a JSON text as it is; one beyond ASCII may not.
constexpr bool is_json_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

namespace detail {

constexpr std::uint64_t in_each_byte = 0x0101010101010101U;

// Hacker's Delight, 6-1: a byte of `word` is zero. Borrows can only mark a byte above a true one.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
    return (word - in_each_byte) & ~word;
}

/// Has a high bit set if and only if one of the eight characters is special.
inline std::uint64_t special_of_eight(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t control = (word - in_each_byte * 0x20) & ~word;
    return (word | control | zero_bytes(word ^ in_each_byte * '"') |
            zero_bytes(word ^ in_each_byte * '\\')) &
           (in_each_byte << 7);
}

}  // namespace detail

/// How many characters at the front of `text` stand in a JSON text as they are.
inline std::size_t json_plain_prefix(std::string_view text) {
    std::size_t count = 0;
    while (count + 8 <= text.size() && detail::special_of_eight(text.data() + count) == 0)
        count += 8;
    while (count < text.size() && is_json_plain(text[count]))
        ++count;
    return count;
}

/// Whether all of them do; quicker than looking for the first that does not.
inline bool is_json_plain(std::string_view text) {
    if (text.size() < 8)
        return json_plain_prefix(text) == text.size();
    std::uint64_t special = detail::special_of_eight(text.data() + text.size() - 8);
    for (std::size_t at = 0; at + 8 < text.size(); at += 8)
        special |= detail::special_of_eight(text.data() + at);
    return special == 0;
}

}  // namespace bulkhead::value
