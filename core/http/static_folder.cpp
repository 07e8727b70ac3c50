#include "http/static_folder.hpp"

#include <bulkhead/result.hpp>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <system_error>

namespace bulkhead::http {

namespace {

using value::Descriptor;

// O_NONBLOCK, because opening a FIFO would wait for whoever writes to it.
constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int attempts = 8;

/// Absent, or none of the client's business: what says nothing of files outside.
bool is_absent(int error) {
    constexpr std::array absent{ENOENT, ENOTDIR,      ELOOP, EXDEV,  EACCES,
                                EPERM,  ENAMETOOLONG, ENXIO, ENODEV, EINVAL};
    return std::ranges::find(absent, error) != absent.end();
}

std::optional<OpenedFile> refuse(int error) {
    if (is_absent(error))
        return std::nullopt;
    if (error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN)
        throw Fault(ErrorKind::unavailable, "http.overloaded",
                    "Too many files are open; try again shortly.", std::strerror(error));
    throw std::system_error(error, std::generic_category(), "a file cannot be opened");
}

// EAGAIN: something was renamed meanwhile, so that the kernel cannot say whether it stayed inside.
Descriptor open_beneath(int folder, const char* relative) {
    open_how how{};
    how.flags = reading;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long opened = -1;
    for (int attempt = 0; attempt < attempts && opened < 0; ++attempt) {
        opened = ::syscall(SYS_openat2, folder, relative, &how, sizeof how);
        if (opened < 0 && errno != EAGAIN && errno != EINTR)
            break;
    }
    return Descriptor(static_cast<int>(opened));
}

/// Where the kernel says that an open file lies.
std::string place_of(const Descriptor& file) {
    std::array<char, PATH_MAX> place{};
    const auto link = "/proc/self/fd/" + std::to_string(file.number());
    const auto bytes = ::readlink(link.c_str(), place.data(), place.size());
    return bytes > 0 ? std::string(place.data(), static_cast<std::size_t>(bytes)) : std::string();
}

// For kernels before 5.6, and sandboxes that know nothing of openat2: what is open already stays
// what it is, so that nothing can change between the look and the reading.
Descriptor open_and_look(const Descriptor& folder, const char* relative) {
    Descriptor file(::openat(folder.number(), relative, reading));
    if (!file)
        return file;
    auto inside = place_of(folder);
    const bool is_known = !inside.empty();  // It is not where /proc is not mounted.
    const auto place = place_of(file);
    const bool is_folder = place == inside;
    inside += inside.ends_with('/') ? "" : "/";
    if (is_known && (is_folder || place.starts_with(inside)))
        return file;
    errno = EXDEV;
    return {};
}

Descriptor open_inside(const Descriptor& folder, const char* relative) {
    auto opened = open_beneath(folder.number(), relative);
    if (!opened && (errno == ENOSYS || errno == EPERM))
        opened = open_and_look(folder, relative);
    return opened;
}

}  // namespace

std::optional<OpenedFile> StaticFolder::open(const std::string& relative) const {
    // Anew each time: the folder may have been replaced by a newer one.
    const Descriptor folder(::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder)
        return refuse(errno);
    OpenedFile opened{open_inside(folder, relative.empty() ? "." : relative.c_str())};
    if (!opened.descriptor)
        return refuse(errno);
    if (::fstat(opened.descriptor.number(), &opened.status) != 0)
        return refuse(errno);
    if (!S_ISREG(opened.status.st_mode) && !opened.is_folder())
        return std::nullopt;
    return opened;
}

}  // namespace bulkhead::http
