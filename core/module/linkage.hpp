#pragma once
// What a module file is linked with and what texts it holds, read from its bytes: nothing of the
// file is executed.

#include <bulkhead/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::module {

struct Linkage {
    std::vector<std::string> libraries;  ///< that it needs (DT_NEEDED)
    std::vector<std::string> exported;   ///< symbols that others may find in it
    std::vector<std::string> wanted;     ///< symbols that others must have for it
    std::vector<std::string> texts;      ///< printable texts of its read-only data
};

/// Of an image that read_manifest() has accepted (System V gABI, "Sections"). Refused with a
/// sentence: its table of sections is absent or damaged.
Result<Linkage> read_linkage(std::string_view image);

/// The scopes of a C++ symbol from the outside in, without templates and signature:
/// {"bulkhead", "db", "Session", "select"}. Empty for what has none, or is of namespace std.
std::vector<std::string_view> scopes_of(std::string_view symbol);

}  // namespace bulkhead::module
