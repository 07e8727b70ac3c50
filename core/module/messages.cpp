#include "module/messages.hpp"

#include "value/utf8.hpp"

#include <algorithm>

namespace bulkhead::module {

std::string clipped(std::string_view reason) {
    std::string text(value::code_points(reason) ? value::front_of(reason, max_reason_bytes)
                                                : reason.substr(0, max_reason_bytes));
    const bool readable = value::code_points(text).has_value();
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    if (!readable)
        std::ranges::replace_if(
            text, [](char c) { return static_cast<unsigned char>(c) > '~'; }, '?');
    return text;
}

}  // namespace bulkhead::module
