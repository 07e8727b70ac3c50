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
    return left.size() == right.size() && std::ranges::equal(left, right, {}, lower, lower);
}

/// Without spaces and tabs at either end.
constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
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
    constexpr bool has_all_of(std::string_view text) const {
        return std::ranges::all_of(
            text, [this](char letter) { return has_[static_cast<unsigned char>(letter)]; });
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
