#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

namespace detail {

#ifdef __SSE2__
inline __m128i special_of_sixteen(const char* at) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto control = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // Signed: those beyond ASCII.
    const auto quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const auto escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return _mm_or_si128(control, _mm_or_si128(quote, escape));
}

inline bool is_long_plain(std::string_view text) {
    auto special = special_of_sixteen(text.data() + text.size() - 16);
    for (std::size_t at = 0; at + 16 < text.size(); at += 16)
        special = _mm_or_si128(special, special_of_sixteen(text.data() + at));
    return _mm_movemask_epi8(special) == 0;
}
#else
inline bool is_long_plain(std::string_view text) {
    std::uint64_t special = special_of_eight(text.data() + text.size() - 8);
    for (std::size_t at = 0; at + 8 < text.size(); at += 8)
        special |= special_of_eight(text.data() + at);
    return special == 0;
}
#endif

}  // namespace detail

/// Whether all of them do; quicker than looking for the first that does not.
inline bool is_json_plain(std::string_view text) {
    if (text.size() >= 16)
        return detail::is_long_plain(text);
    if (text.size() >= 8)
        return (detail::special_of_eight(text.data()) |
                detail::special_of_eight(text.data() + text.size() - 8)) == 0;
    return json_plain_prefix(text) == text.size();
}

}  // namespace bulkhead::value
