#pragma once
// The bytes of a file that nobody vouches for: nothing beyond its end is ever read.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace bulkhead::module {

template <class T>
std::optional<T> read_at(std::string_view image, std::uint64_t offset) {
    if (offset > image.size() || image.size() - offset < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, image.data() + offset, sizeof(T));
    return value;
}

inline std::optional<std::string_view> slice(std::string_view image, std::uint64_t offset,
                                             std::uint64_t size) {
    if (offset > image.size() || image.size() - offset < size)
        return std::nullopt;
    return image.substr(offset, size);
}

}  // namespace bulkhead::module
