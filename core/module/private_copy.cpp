#include "module/private_copy.hpp"

#include "config/file.hpp"
#include "module/durable_file.hpp"
#include "module/loader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

Error no_copy(const ModuleFile& file, const fs::path& folder, const std::string& reason) {
    return Error::unavailable("module.no_copy",
                              "cannot keep a private copy of " + file.path.filename().string() +
                                  " in " + folder.string() + " (" + reason +
                                  "); make room there and let this user write to it, or name "
                                  "another folder in server.data");
}

bool is_private(const fs::path& folder) {
    struct stat status{};
    return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & ALLPERMS) == S_IRWXU;
}

// Nothing is changed where nothing needs to be: a worker is replaced even while the file system is
// read-only.
std::error_code make_private_folder(const fs::path& folder) {
    std::error_code reason;
    fs::create_directories(folder.parent_path(), reason);
    if (!reason && ::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        reason.assign(errno, std::generic_category());
    if (!reason && !is_private(folder))
        fs::permissions(folder, fs::perms::owner_all, reason);
    return reason;
}

}  // namespace

fs::path folder_of_copies(const fs::path& data_folder) {
    return data_folder / "modules";
}

fs::path copy_in(const fs::path& folder, const std::string& sha256) {
    return folder / (sha256 + ".so");
}

Result<fs::path> keep_private_copy(const ModuleFile& file, const fs::path& folder) {
    if (const auto reason = make_private_folder(folder))
        return no_copy(file, folder, reason.message());
    auto copy = copy_in(folder, file.sha256);
    if (config::has_content(copy, file.bytes)) {
        std::error_code not_written;
        fs::last_write_time(copy, fs::file_time_type::clock::now(), not_written);
    } else if (const auto reason = replace_file(copy, file.bytes)) {
        return no_copy(file, folder, reason.message());
    }
    return copy;
}

void drop_old_copies(const fs::path& folder, std::span<const Pin> kept) {
    const auto oldest = fs::file_time_type::clock::now() - copy_kept;
    std::error_code reason;
    for (fs::directory_iterator at(folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        if (std::ranges::find(kept, at->path().stem().string(), &Pin::sha256) != kept.end())
            continue;
        // Another process may remove the same file; then it is gone, as wanted.
        std::error_code gone;
        if (const auto time = at->last_write_time(gone); !gone && time < oldest)
            fs::remove(at->path(), gone);
    }
}

}  // namespace bulkhead::module
