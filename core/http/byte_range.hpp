#pragma once

#include <cstdint>
#include <string_view>

namespace bulkhead::http {

/// What a Range header asks for of a representation of a known size.
struct ByteRange {
    enum class Kind : std::uint8_t {
        whole,         ///< none, not of bytes, malformed, or several: all of it, as if not asked
        part,          ///< 206
        unsatisfiable  ///< 416: begins behind the end
    };
    Kind kind = Kind::whole;
    std::uint64_t first = 0;
    std::uint64_t length = 0;
};

/// RFC 9110, 14.1.2. Several ranges are answered by the whole, which 14.2 leaves to the server:
/// what they would save is small, and what they can be made to cost is not.
ByteRange byte_range(std::string_view header, std::uint64_t size);

}  // namespace bulkhead::http
