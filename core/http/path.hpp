#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::http {

/// What can be done with a path of a request line; the worst of its segments decides.
enum class PathState : std::uint8_t {
    usable,
    absent,  ///< well-formed, but none of ours: empty segment, or deeper than Segments can hold
    bad      ///< must be refused: see Router
};

/// The segments of "/a/b": "a" and "b"; none for "/".
struct Segments {
    std::array<std::string_view, 32> text;
    std::size_t count = 0;
};

/// Splits, then decodes each segment. `decoded` is the storage of the decoded path, used only where
/// `raw` has a '%'; the segments point into it, else into `raw`.
PathState split_path(std::string_view raw, std::string& decoded, Segments& segments);

}  // namespace bulkhead::http
