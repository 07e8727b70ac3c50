#pragma once
// Where a run of ordinary bytes ends: sixteen bytes at once where the processor can. Private to the
// parser.

#include "http/token.hpp"

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bulkhead::http {

/// What ends a line: the bytes that no line of a head may hold, CR and LF among them. Tab may
/// stand.
struct LineStop {
    static constexpr bool has(char byte) {
        return (static_cast<unsigned char>(byte) < ' ' && byte != '\t') || byte == '\x7f';
    }
#if defined(__SSE2__)
    static __m128i in(__m128i bytes) {
        const auto low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        const auto tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
        return _mm_or_si128(_mm_andnot_si128(tab, low),
                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\x7f')));
    }
#endif
};

/// What ends a path: its query, the space behind a target, and what must be percent-encoded in it.
/// '[', '|' and their like may stand: browsers do not encode them.
struct PathStop {
    static constexpr bool has(char byte) {
        return byte <= ' ' || byte >= '\x7f' || byte == '"' || byte == '#' || byte == '<' ||
               byte == '>' || byte == '?';
    }
#if defined(__SSE2__)
    static __m128i in(__m128i bytes) {
        const auto is = [&](char byte) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)); };
        const auto low = _mm_cmplt_epi8(bytes, _mm_set1_epi8('!'));  // Signed: from 0x80 on, too.
        const auto quote_or_hash =
            _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(1)), _mm_set1_epi8('#'));
        const auto angle =
            _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
        return _mm_or_si128(_mm_or_si128(low, _mm_or_si128(quote_or_hash, angle)),
                            _mm_or_si128(is('?'), is('\x7f')));
    }
#endif
};

/// What is no letter, digit or hyphen: names are made of these and little else.
struct WordStop {
    static constexpr bool has(char byte) {
        return !is_digit(byte) && byte != '-' && (lower(byte) < 'a' || lower(byte) > 'z');
    }
#if defined(__SSE2__)
    static __m128i in(__m128i bytes) {
        const auto within = [](__m128i these, char first, char last) {
            const auto from_first = _mm_sub_epi8(these, _mm_set1_epi8(first));
            const auto most = _mm_set1_epi8(static_cast<char>(last - first));
            return _mm_cmpeq_epi8(_mm_min_epu8(from_first, most), from_first);
        };
        const auto letter = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
        const auto hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
        const auto word = _mm_or_si128(_mm_or_si128(letter, within(bytes, '0', '9')), hyphen);
        return _mm_xor_si128(word, _mm_set1_epi8(-1));
    }
#endif
};

/// What makes a text more than ASCII without NUL.
struct AsciiStop {
    static constexpr bool has(char byte) { return static_cast<signed char>(byte) <= 0; }
#if defined(__SSE2__)
    static __m128i in(__m128i bytes) { return _mm_cmplt_epi8(bytes, _mm_set1_epi8(1)); }
#endif
};

/// The first byte that `Stop` has; `end` without one.
template <class Stop>
constexpr const char* scan_bytewise(const char* from, const char* end) {
    while (from != end && !Stop::has(*from))
        ++from;
    return from;
}

/// The same, faster.
template <class Stop>
const char* scan(const char* from, const char* end) {
#if defined(__SSE2__)
    for (; end - from >= 16; from += 16) {
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        if (const auto found = static_cast<unsigned>(_mm_movemask_epi8(Stop::in(bytes))))
            return from + std::countr_zero(found);
    }
#endif
    return scan_bytewise<Stop>(from, end);
}

/// Where the token (RFC 9110, 5.6.2) that begins at `from` ends.
inline const char* token_end(const char* from, const char* end) {
    for (from = scan<WordStop>(from, end); from != end && token_letters.has(*from);)
        from = scan<WordStop>(from + 1, end);
    return from;
}

}  // namespace bulkhead::http
