#pragma once
// Files that are there whole or not at all, and that can be told from damaged ones.

#include <filesystem>
#include <string>

namespace bulkhead::db {

/// Whether a file that is there already may be replaced.
enum class Overwrite : std::uint8_t { no, yes };

/// A file in the making: readable by this user alone, gone at the end unless it was put in place.
/// Every call throws std::runtime_error with a sentence.
class DraftFile {
public:
    /// Makes it, empty; replaces what a process that was killed has left there.
    explicit DraftFile(std::filesystem::path path);
    ~DraftFile();
    DraftFile(const DraftFile&) = delete;
    DraftFile& operator=(const DraftFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    void write(std::string_view bytes) const;
    /// The bytes of `other`, instead of its own.
    void copy_from(const std::filesystem::path& other) const;
    /// SHA-256 of what is in it: 64 hex digits.
    std::string digest() const;
    std::int64_t bytes() const;

    /// Brings it to the disk and renames it in one step, after which a power cut takes neither.
    void put_in_place(const std::filesystem::path& target, Overwrite overwrite);

private:
    std::filesystem::path path_;
    bool placed_ = false;
};

/// FILE.sha256, a line as sha256sum writes and checks it.
std::filesystem::path digest_file_of(const std::filesystem::path& file);
std::string digest_line(const std::string& digest, const std::filesystem::path& file);
/// The digest that FILE.sha256 has. Throws std::runtime_error with a sentence.
std::string recorded_digest(const std::filesystem::path& file);

/// Brings what happened to the names in a folder to the disk. Throws std::runtime_error.
void keep_names_in(const std::filesystem::path& folder);

/// `std::system_error` as a sentence's end: "what: No space left on device".
[[noreturn]] void fail_with(int error, const std::string& what);

}  // namespace bulkhead::db
