#include "module/private_copy.hpp"

#include "config/file.hpp"
#include "module/loader.hpp"
#include "value/sha256.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

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

bool is_intact(const fs::path& copy, const ModuleFile& file) {
    const auto bytes = config::read_regular_file(copy, max_module_file_bytes);
    return bytes && bytes->size() == file.bytes.size() && value::sha256(*bytes) == file.sha256;
}

// Returns 0 or errno.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return errno;
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return 0;
}

// Returns 0 or errno.
int write_file(const fs::path& path, std::string_view bytes) {
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return errno;
    const int reason = write_all(descriptor, bytes);
    ::close(descriptor);
    if (reason != 0)
        ::unlink(path.c_str());
    return reason;
}

std::error_code make_private_folder(const fs::path& folder) {
    std::error_code reason;
    fs::create_directories(folder.parent_path(), reason);
    if (!reason && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        reason.assign(errno, std::generic_category());
    if (!reason)
        fs::permissions(folder, fs::perms::owner_all, reason);
    return reason;
}

}  // namespace

Result<fs::path> keep_private_copy(const ModuleFile& file, const fs::path& folder) {
    if (const auto reason = make_private_folder(folder))
        return no_copy(file, folder, reason.message());
    auto copy = folder / (file.sha256 + ".so");
    std::error_code reason;
    if (is_intact(copy, file)) {
        fs::last_write_time(copy, fs::file_time_type::clock::now(), reason);
        return copy;
    }
    // A rename, so that nobody ever loads from half a file.
    const fs::path fresh = copy.string() + "." + std::to_string(::getpid());
    if (const int number = write_file(fresh, file.bytes); number != 0)
        return no_copy(file, folder, std::generic_category().message(number));
    fs::rename(fresh, copy, reason);
    if (reason)
        return no_copy(file, folder, reason.message());
    return copy;
}

void drop_old_copies(const fs::path& folder) {
    const auto oldest = fs::file_time_type::clock::now() - copy_kept;
    std::error_code reason;
    for (fs::directory_iterator at(folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        // Another process may remove the same file; then it is gone, as wanted.
        std::error_code gone;
        if (const auto time = at->last_write_time(gone); !gone && time < oldest)
            fs::remove(at->path(), gone);
    }
}

}  // namespace bulkhead::module
