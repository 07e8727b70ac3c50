#include "http/wrong_key.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

bool is_printable(char letter) {
    return letter >= ' ' && letter <= '~';
}

}  // namespace

WrongKey wrong_value(std::string key, const std::string& expected, std::string_view found) {
    std::string shown(found);
    std::ranges::replace_if(shown, [](char letter) { return !is_printable(letter); }, '?');
    auto sentence = "'" + key + "' " + expected + "; found '" + shown + "'";
    return {std::move(key), std::move(sentence)};
}

bool is_header_text(std::string_view text) {
    return std::ranges::all_of(text, is_printable) && !text.starts_with(' ') &&
           !text.ends_with(' ');
}

}  // namespace bulkhead::http
