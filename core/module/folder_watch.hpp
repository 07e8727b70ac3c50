#pragma once

#include <bulkhead/result.hpp>

#include <filesystem>
#include <optional>
#include <unordered_map>

namespace bulkhead::module {

/// Tells that a source file below a folder was written, renamed or removed (inotify(7)). Sources
/// are C and C++ files, .sql, .cmake, .in, CMakeLists.txt and CMakePresets.json, so that an
/// editor's temporary files, a database or a log are none. Left out are hidden files and folders,
/// node_modules, and whatever lies in a folder with a CMakeCache.txt. Folders made later are
/// watched, too. One thread.
class FolderWatch {
public:
    /// Refused with a sentence: no folder, or the kernel's limits are reached.
    static Result<FolderWatch> open(const std::filesystem::path& folder);
    FolderWatch(FolderWatch&& other) noexcept;
    FolderWatch& operator=(FolderWatch&&) = delete;
    ~FolderWatch();

    const std::filesystem::path& folder() const { return root_; }  ///< absolute
    int descriptor() const { return descriptor_; }                 ///< readable when there is news

    /// What changed since the last call: one of the files, or a folder; empty if nothing did. Never
    /// blocks. Throws std::system_error when a new folder is beyond the kernel's limits, and
    /// std::runtime_error when the watched folder itself was removed or moved away.
    std::optional<std::filesystem::path> take_change();

private:
    struct Event;
    FolderWatch(std::filesystem::path root, int descriptor);
    void add(const std::filesystem::path& folder);
    void forget(const std::filesystem::path& folder);
    void take(const Event& event);
    void take_folder(const Event& event, const std::filesystem::path& folder);
    bool is_left_out(const std::filesystem::path& folder) const;

    std::filesystem::path root_;
    int descriptor_;
    std::unordered_map<int, std::filesystem::path> folders_;  ///< by watch descriptor
    std::optional<std::filesystem::path> changed_;
};

}  // namespace bulkhead::module
