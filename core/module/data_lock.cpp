#include "module/data_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace bulkhead::module {
namespace {

// Not by flock(): these are no business of a forked child, and tell who holds them.
struct flock whole_file() {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

Error unusable(const std::filesystem::path& data_folder, int reason) {
    return Error::unavailable("server.data_unusable",
                              data_folder.string() + " cannot be used (" + std::strerror(reason) +
                                  "); let this user write to it, or name another folder in "
                                  "server.data");
}

Error held(const std::filesystem::path& data_folder, int file) {
    auto lock = whole_file();
    const bool known = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    return Error::unavailable("server.data_in_use",
                              "another server runs on this data folder, " + data_folder.string() +
                                  (known ? ", pid " + std::to_string(lock.l_pid) : "") +
                                  "; stop it, or name another folder in server.data");
}

}  // namespace

int open_folder(const std::filesystem::path& folder) {
    return ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

Result<DataLock> DataLock::take(const std::filesystem::path& data_folder) {
    std::error_code failed;
    std::filesystem::create_directories(data_folder, failed);
    if (failed)
        return unusable(data_folder, failed.value());
    DataLock taken(open_folder(data_folder), -1);
    if (taken.folder_ >= 0)
        taken.file_ = ::openat(taken.folder_, "supervisor.lock",
                               O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (taken.file_ < 0)
        return unusable(data_folder, errno);
    auto lock = whole_file();
    if (::fcntl(taken.file_, F_SETLK, &lock) == 0)
        return taken;
    return errno == EAGAIN || errno == EACCES ? held(data_folder, taken.file_)
                                              : unusable(data_folder, errno);
}

DataLock::DataLock(DataLock&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), file_(std::exchange(other.file_, -1)) {}

DataLock::~DataLock() {
    for (const int descriptor : {folder_, file_})
        if (descriptor >= 0)
            ::close(descriptor);
}

}  // namespace bulkhead::module
