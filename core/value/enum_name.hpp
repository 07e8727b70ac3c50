#pragma once

#include <cstddef>
#include <string_view>

namespace bulkhead::value {

/// The name of an enumerator, from the names(...) that stands beside its enum.
template <class Enum>
constexpr std::string_view name_of(Enum enumerator) {
    return names(enumerator)[static_cast<std::size_t>(enumerator)];
}

}  // namespace bulkhead::value
