#include "log/line_output.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <span>
#include <string_view>

namespace bulkhead::log {

namespace {

std::size_t bytes_of(const std::array<iovec, 2>& lines) {
    return lines[0].iov_len + lines[1].iov_len;
}

void pass_over(std::span<iovec> lines, std::size_t bytes) {
    for (auto& part : lines) {
        const auto here = std::min(bytes, part.iov_len);
        part = {static_cast<char*>(part.iov_base) + here, part.iov_len - here};
        bytes -= here;
    }
}

bool is_file(int to) {
    struct stat found{};
    return ::fstat(to, &found) == 0 && S_ISREG(found.st_mode);
}

bool wait_until_writable(int to) {
    pollfd output{to, POLLOUT, 0};
    int ready = 0;
    do
        ready = ::poll(&output, 1, nobody_reads ? 0 : blocked_ms);
    while (ready < 0 && errno == EINTR);
    nobody_reads = ready == 0;
    return ready > 0;
}

// Once poll(2) says that a pipe is writable it takes as much as this without making anybody wait.
struct Piece {
    std::array<char, PIPE_BUF> bytes;
    std::size_t size = 0;

    explicit Piece(const std::array<iovec, 2>& lines) {
        for (const auto& part : lines) {
            const auto more = std::min(bytes.size() - size, part.iov_len);
            if (more > 0)
                std::memcpy(bytes.data() + size, part.iov_base, more);
            size += more;
        }
        const auto last = std::string_view(bytes.data(), size).rfind('\n');
        if (size < bytes_of(lines) && last != std::string_view::npos)
            size = last + 1;
    }
};

ssize_t put_out_some(int to, const std::array<iovec, 2>& lines, bool file) {
    if (file)
        return ::writev(to, lines.data(), lines.size());
    const Piece piece(lines);
    return ::write(to, piece.bytes.data(), piece.size);
}

}  // namespace

std::size_t put_out(int to, std::array<iovec, 2> lines) noexcept {
    const auto all = bytes_of(lines);
    const bool file = is_file(to);
    while (bytes_of(lines) > 0) {
        if (!file && !wait_until_writable(to))
            break;
        const auto count = put_out_some(to, lines, file);
        if (count >= 0)
            pass_over(lines, static_cast<std::size_t>(count));
        else if (errno != EINTR && errno != EAGAIN)
            return all;  // There is no other place where this could be told.
    }
    return all - bytes_of(lines);
}

}  // namespace bulkhead::log
