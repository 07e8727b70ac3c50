#include "value/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace bulkhead::value {
namespace {

struct Sequence {
    unsigned char first_lead, last_lead;
    std::size_t bytes;
    unsigned char second_low, second_high;
};

// Unicode, table 3-7: the second byte's range is what excludes overlong forms and surrogates.
constexpr Sequence sequences[]{
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F}};

Sequence sequence_of(char first) {
    const auto lead = static_cast<unsigned char>(first);
    for (const Sequence& sequence : sequences)
        if (lead >= sequence.first_lead && lead <= sequence.last_lead)
            return sequence;
    return {};
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

bool begins_with_eight_ascii(std::string_view text) {
    std::uint64_t word = 0;
    if (text.size() < sizeof word)
        return false;
    std::memcpy(&word, text.data(), sizeof word);
    return (word & 0x8080808080808080U) == 0;
}

}  // namespace

std::size_t code_point_bytes(std::string_view text) {
    if (text.empty())
        return 0;
    const Sequence sequence = sequence_of(text[0]);
    if (sequence.bytes <= 1)
        return sequence.bytes;
    if (text.size() < sequence.bytes)
        return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < sequence.second_low || second > sequence.second_high)
        return 0;
    const auto rest = text.substr(2, sequence.bytes - 2);
    return std::ranges::all_of(rest, continues) ? sequence.bytes : 0;
}

std::optional<std::size_t> code_points(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const bool quick = begins_with_eight_ascii(text);
        const std::size_t bytes = quick ? 8 : code_point_bytes(text);
        if (bytes == 0)
            return {};
        count += quick ? 8 : 1;
        text.remove_prefix(bytes);
    }
    return count;
}

std::string_view front_of(std::string_view text, std::size_t limit_bytes) {
    if (text.size() <= limit_bytes)
        return text;
    std::size_t end = limit_bytes;
    while (end > 0 && limit_bytes - end < 3 && continues(text[end]))
        --end;
    return text.substr(0, end);
}

}  // namespace bulkhead::value
