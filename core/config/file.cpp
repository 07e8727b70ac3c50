#include "config/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
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

// Of a regular file; -1 of everything else.
off_t regular_size(int descriptor) {
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? status.st_size : -1;
}

// As many as fit, fewer only at the end of the file; -1 with errno set.
ssize_t read_piece(int descriptor, std::span<char> piece) {
    std::size_t filled = 0;
    while (filled < piece.size()) {
        const auto count = ::read(descriptor, piece.data() + filled, piece.size() - filled);
        if (count < 0 && errno != EINTR)
            return -1;
        if (count == 0)
            break;
        filled += count < 0 ? 0 : static_cast<std::size_t>(count);
    }
    return static_cast<ssize_t>(filled);
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

    std::string text(size + 1, '\0');  // One byte more, for a file that grows while it is read.
    const auto count = read_piece(file.number(), text);
    if (count < 0)
        return unreadable(path, errno);
    text.resize(static_cast<std::size_t>(count));
    if (text.size() > size)
        return refused(path, "grew while it was read");
    return text;
}

bool has_content(const std::filesystem::path& path, std::string_view bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (regular_size(file.number()) != static_cast<off_t>(bytes.size()))
        return false;
    std::array<char, 65'536> piece;
    for (;;) {
        const auto count = read_piece(file.number(), piece);
        if (count < 0)
            return false;
        const std::string_view found(piece.data(), static_cast<std::size_t>(count));
        if (found.empty() || !bytes.starts_with(found))
            return found.empty() && bytes.empty();
        bytes.remove_prefix(found.size());
    }
}

}  // namespace bulkhead::config
