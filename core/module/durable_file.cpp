#include "module/durable_file.hpp"

#include "value/write_all.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace bulkhead::module {

namespace {

std::error_code last_error() {
    return {errno, std::generic_category()};
}

std::error_code write_file(const std::filesystem::path& path, std::string_view bytes) {
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return last_error();
    const bool written = value::write_all(descriptor, bytes) && ::fsync(descriptor) == 0;
    const auto reason = written ? std::error_code() : last_error();
    ::close(descriptor);
    return reason;
}

// A rename is kept once its folder is.
std::error_code keep_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return last_error();
    const auto reason = ::fsync(descriptor) == 0 ? std::error_code() : last_error();
    ::close(descriptor);
    return reason;
}

}  // namespace

std::error_code replace_file(const std::filesystem::path& file, std::string_view bytes) {
    const std::filesystem::path fresh = file.string() + "." + std::to_string(::getpid());
    auto reason = write_file(fresh, bytes);
    if (!reason && ::rename(fresh.c_str(), file.c_str()) != 0)
        reason = last_error();
    if (!reason)
        return keep_folder(file.parent_path());
    ::unlink(fresh.c_str());
    return reason;
}

}  // namespace bulkhead::module
