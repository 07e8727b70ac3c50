#pragma once
// Files of a test, among them modules made hostile by patching a real one.

#include "support/temporary_folder.hpp"

#include <bulkhead/manifest.hpp>

#include <fstream>
#include <initializer_list>
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

/// Where a module's note has its text: lines of `key=value`, then zeros.
inline std::size_t note_text_at(const std::string& bytes) {
    const auto at = bytes.find("name=", bytes.find(std::string_view("Bulkhead\0\0\0\0name=", 17)));
    if (at == std::string::npos)
        throw std::runtime_error("no note of a module in these bytes");
    return at;
}

inline std::string note_text(const std::string& bytes) {
    return bytes.c_str() + note_text_at(bytes);
}

/// `bytes` with another text in its note.
inline std::string with_note_text(std::string bytes, std::string text) {
    text.resize(ManifestNote::descriptor_bytes, '\0');
    return bytes.replace(note_text_at(bytes), text.size(), text);
}

/// The same module under another name, with these needs besides its own.
inline std::string renamed(std::string bytes, const std::string& name,
                           std::initializer_list<std::string> needs = {}) {
    auto text = note_text(bytes);
    text.replace(0, text.find('\n'), "name=" + name);
    for (const auto& need : needs)
        text += "needs=" + need + "\n";
    return with_note_text(std::move(bytes), text);
}

/// The fixture `hostile`, misbehaving at a place: "entry_throws" (see fixtures/hostile.cpp).
inline std::string hostile(std::string place) {
    constexpr std::string_view start = "misbehaves:";
    auto bytes = fixture("hostile");
    const auto at = bytes.find(start) + start.size();
    place.resize(bytes.find('\0', at) - at, '-');
    return bytes.replace(at, place.size(), place);
}

}  // namespace bulkhead::test
