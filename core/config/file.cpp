#include "config/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bulkhead::config {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

Error refused(const std::filesystem::path& path, const std::string& why) {
    return Error::invalid("config.unreadable", path.string() + " " + why);
}

Error unreadable(const std::filesystem::path& path, int reason) {
    return refused(path, "cannot be read (" + std::generic_category().message(reason) + ")");
}

Error too_large(const std::filesystem::path& path, std::size_t max_bytes) {
    return refused(path, "is larger than " + std::to_string(max_bytes) + " bytes");
}

// Returns 0 or errno. Reads one byte more than allowed, for a file that grows while it is read.
int read_all(int descriptor, std::string& text) {
    std::size_t filled = 0;
    while (filled < text.size()) {
        const auto count = ::read(descriptor, text.data() + filled, text.size() - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    text.resize(filled);
    return 0;
}

}  // namespace

Result<std::string> read_regular_file(const std::filesystem::path& path, std::size_t max_bytes) {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0)
        return unreadable(path, errno);
    if (!S_ISREG(status.st_mode))
        return refused(path, "is not a regular file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > max_bytes)
        return too_large(path, max_bytes);

    std::string text(size + 1, '\0');
    if (const int reason = read_all(file.number(), text); reason != 0)
        return unreadable(path, reason);
    if (text.size() > size)
        return refused(path, "grew while it was read");
    return text;
}

}  // namespace bulkhead::config
