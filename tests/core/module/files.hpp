#pragma once
// Files of a test, among them modules made hostile by patching a real one.

#include "support/temporary_folder.hpp"

#include <fstream>
#include <iterator>
#include <string_view>

namespace bulkhead::test {

inline std::filesystem::path write(const TemporaryFolder& folder, const std::string& name,
                                   std::string_view bytes) {
    const auto file = folder.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The bytes of a module built for these tests: "good" (see fixtures/).
inline std::string fixture(const std::string& name) {
    return bytes_of(std::filesystem::path(BULKHEAD_FIXTURES_DIR) / (name + ".so"));
}

/// `bytes` with the first `from` replaced by `to`, which must be as long.
inline std::string patched(std::string bytes, std::string_view from, std::string_view to) {
    const auto at = bytes.find(from);
    if (at == std::string::npos || from.size() != to.size())
        throw std::runtime_error("nothing to patch: " + std::string(from));
    return bytes.replace(at, from.size(), to);
}

}  // namespace bulkhead::test
