#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace bulkhead::http {

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

/// For ASCII: header names and the words in their values.
constexpr bool same_ignoring_case(std::string_view left, std::string_view right) {
    if (left.size() != right.size())
        return false;
    for (std::size_t at = 0; at < left.size(); ++at)
        if (left[at] != right[at] && lower(left[at]) != lower(right[at]))
            return false;
    return true;
}

constexpr bool is_blank(char letter) {
    return letter == ' ' || letter == '\t';
}

/// Without spaces and tabs at either end.
constexpr std::string_view trimmed(std::string_view text) {
    const char* first = text.data();
    const char* last = first + text.size();
    while (first != last && is_blank(*first))
        ++first;
    while (last != first && is_blank(last[-1]))
        --last;
    return {first, last};
}

/// Calls `visit` with each element of a comma-separated list (RFC 9110, 5.6.1), empty ones left
/// out.
constexpr void for_each_element(std::string_view list, auto visit) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (const auto element = trimmed(list.substr(0, end)); !element.empty())
            visit(element);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

constexpr bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// ASCII letters and digits, and these beside them; looked up by index.
class LetterSet {
public:
    consteval explicit LetterSet(std::string_view others) {
        for (int byte = 0; byte < 256; ++byte) {
            const char letter = static_cast<char>(byte);
            has_[static_cast<std::size_t>(byte)] = is_digit(letter) ||
                                                   (lower(letter) >= 'a' && lower(letter) <= 'z') ||
                                                   others.find(letter) != std::string_view::npos;
        }
    }
    constexpr bool has(char letter) const { return has_[static_cast<unsigned char>(letter)]; }
    constexpr bool has_all_of(std::string_view text) const {
        return std::ranges::all_of(text, [this](char letter) { return has(letter); });
    }

private:
    std::array<bool, 256> has_{};
};

inline constexpr LetterSet token_letters("!#$%&'*+-.^_`|~");

/// A token of RFC 9110, 5.6.2: a header name, a method.
constexpr bool is_token(std::string_view text) {
    return !text.empty() && token_letters.has_all_of(text);
}

}  // namespace bulkhead::http
