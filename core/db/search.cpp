#include <bulkhead/search.hpp>

#include <algorithm>
#include <array>

namespace bulkhead::db {

namespace {

struct Range {
    char32_t first, last;
};

// Blocks of spaces, punctuation and symbols (Unicode 15, Blocks.txt); ASCII's letters and digits
// are all that is none of it below U+00C0.
constexpr std::array<Range, 9> between_words{{{0x00, 0x2f},
                                              {0x3a, 0x40},
                                              {0x5b, 0x60},
                                              {0x7b, 0xbf},
                                              {0x2000, 0x2bff},
                                              {0x3000, 0x303f},
                                              {0xe000, 0xf8ff},
                                              {0xfe00, 0xfe6f},
                                              {0xfff0, 0x10ffff}}};

bool is_part_of_word(char32_t sign) {
    return std::ranges::none_of(between_words, [sign](const Range& range) {
        return sign >= range.first && sign <= range.last;
    });
}

struct Sign {
    char32_t value;
    std::size_t bytes;
};

/// Bytes of the sign that begins with `lead`; 0 where none does (RFC 3629, 3).
std::size_t bytes_behind(unsigned lead) {
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead >= 0xf0)
        return 0;
    return lead < 0xe0 ? 2 : 3;
}

// Text of requests and columns is UTF-8; whatever is none ends a word.
Sign sign_at(std::string_view text, std::size_t place) {
    const auto byte = [&](std::size_t index) {
        return place + index < text.size() ? static_cast<unsigned char>(text[place + index]) : 0U;
    };
    const auto lead = byte(0);
    const auto bytes = bytes_behind(lead);
    if (bytes == 0)
        return {0, 1};
    char32_t value = bytes == 1 ? lead : lead & (0x7fU >> bytes);
    for (std::size_t index = 1; index < bytes; ++index) {
        if ((byte(index) & 0xc0U) != 0x80U)
            return {0, 1};
        value = (value << 6U) | (byte(index) & 0x3fU);
    }
    return {value, bytes};
}

// They are folded away with their letter; PostgreSQL refuses a word of which nothing is left.
bool is_accent(char32_t sign) {
    return sign >= 0x300 && sign <= 0x36f;
}

std::vector<std::string_view> words_in(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t start = 0;
    bool has_letter = false;
    for (std::size_t place = 0; place <= text.size();) {
        const auto sign = place < text.size() ? sign_at(text, place) : Sign{0, 1};
        if (!is_part_of_word(sign.value)) {
            if (has_letter)
                words.push_back(text.substr(start, place - start));
            start = place + sign.bytes;
            has_letter = false;
        } else {
            has_letter = has_letter || !is_accent(sign.value);
        }
        place += sign.bytes;
    }
    return words;
}

}  // namespace

std::string search_words(Dialect dialect, std::string_view text) {
    const bool sqlite = dialect == Dialect::sqlite;
    std::string query;
    for (const auto word : words_in(text)) {
        query += query.empty() ? "" : sqlite ? " " : " & ";
        query.append(1, sqlite ? '"' : '\'').append(word).append(1, sqlite ? '"' : '\'');
    }
    return query.empty() ? query : query + (sqlite ? "*" : ":*");
}

}  // namespace bulkhead::db
