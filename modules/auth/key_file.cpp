#include "key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace auth {
namespace {

constexpr std::size_t max_file_bytes = 64 * 1024;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0)
            close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return number_; }  // NOLINT(google-explicit-constructor)

private:
    int number_;
};

/// A file that is gone at the end, whatever came of it.
class Draft {
public:
    explicit Draft(const std::string& file) : file_(file) {}
    ~Draft() { unlink(file_.c_str()); }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

private:
    const std::string& file_;
};

[[noreturn]] void refuse(const std::string& file, const char* what) {
    const int reason = errno;  // Before the text below is made.
    throw std::runtime_error(file + " cannot be " + what + ": " +
                             std::generic_category().message(reason));
}

void write_all(int descriptor, const std::string& text, const std::string& file) {
    for (std::size_t at = 0; at < text.size();) {
        const auto written = write(descriptor, text.data() + at, text.size() - at);
        if (written < 0 && errno != EINTR)
            refuse(file, "written");
        at += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    if (fsync(descriptor) != 0)
        refuse(file, "written");
}

// Complete under another name first, then linked: nobody ever reads half a key.
void make_file(const std::string& file, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    auto name = file + ".XXXXXX";
    const Descriptor out(mkostemp(name.data(), O_CLOEXEC));  // Mode 0600, and never another's.
    if (out < 0)
        refuse(file, "made");
    const Draft draft(name);
    write_all(out, content, name);
    if (link(name.c_str(), file.c_str()) != 0 && errno != EEXIST)
        refuse(file, "made");
}

void demand_private(int descriptor, const std::string& file) {
    struct stat status = {};
    if (fstat(descriptor, &status) != 0)
        refuse(file, "examined");
    if ((status.st_mode & 077) == 0)
        return;
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", status.st_mode & 07777U);
    throw std::runtime_error(file + " holds a private key and has mode " + mode +
                             ", so that others than its owner can get at it: run chmod 600 " +
                             file);
}

}  // namespace

std::string read_or_make_private_file(const std::string& file, std::string (*make)()) {
    if (!std::filesystem::exists(file))
        make_file(file, make());
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (in < 0)
        refuse(file, "opened");
    demand_private(in, file);
    std::string content(max_file_bytes, '\0');
    const auto size = read(in, content.data(), content.size());
    if (size < 0)
        refuse(file, "read");
    content.resize(static_cast<std::size_t>(size));
    return content;
}

}  // namespace auth
