#pragma once
// What a module file says of itself, read from its bytes: nothing of the file is executed.

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

#include <filesystem>

namespace bulkhead::module {

/// The manifest as it stands in a file's note `.note.bulkhead`.
struct FileManifest {
    std::string name;
    std::string version;
    std::int32_t sdk_major = 0;
    std::int32_t sdk_minor = 0;
    std::string compiler;
    std::int32_t cxx_abi = 0;
    std::string sanitizer;
    std::vector<std::string> needs;

    static auto fields() {
        return shape(
            field("name", &FileManifest::name), field("version", &FileManifest::version),
            field("sdk_major", &FileManifest::sdk_major),
            field("sdk_minor", &FileManifest::sdk_minor),
            field("compiler", &FileManifest::compiler), field("cxx_abi", &FileManifest::cxx_abi),
            field("sanitizer", &FileManifest::sanitizer), field("needs", &FileManifest::needs));
    }
};

/// One file of the module directory, held in memory, so that what was judged is what gets loaded,
/// whoever overwrites the file in between.
struct ModuleFile {
    std::filesystem::path path;
    std::string bytes;
    std::string sha256;  ///< of `bytes`, 64 hex digits in lower case
    FileManifest manifest;
};

constexpr std::size_t max_module_file_bytes = 512ULL * 1024 * 1024;

/// Reads the note of an ELF image that was built for this machine. Refused with a sentence: no ELF,
/// truncated, another class or machine, no shared object, no note, a malformed note.
Result<FileManifest> read_manifest(std::string_view image);

/// The same for a file, whose name begins the sentence; also refused: unreadable, not a regular
/// file, larger than max_module_file_bytes.
Result<ModuleFile> read_module_file(const std::filesystem::path& file);

}  // namespace bulkhead::module
