#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace bulkhead::value {

/// Appends all of them, with room made once. None may view `out`.
inline void append_all(std::string& out, std::initializer_list<std::string_view> texts) {
    std::size_t bytes = 0;
    for (const auto text : texts)
        bytes += text.size();
    const auto before = out.size();
    out.resize(before + bytes);
    auto* to = out.data() + before;
    for (const auto text : texts)
        to += text.copy(to, text.size());
}

}  // namespace bulkhead::value
