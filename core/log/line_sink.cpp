#include "log/line_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace bulkhead::log {

namespace {

bool wait_until_writable() {
    pollfd output{LineSink::descriptor, POLLOUT, 0};
    const int ready = ::poll(&output, 1, LineSink::blocked_ms);
    return ready > 0 || (ready < 0 && errno == EINTR);
}

}  // namespace

void LineSink::sink_it_(const spdlog::details::log_msg& message) {
    buffer_.append(message.payload.data(), message.payload.size()).push_back('\n');
    if (buffer_.size() >= buffer_bytes)
        flush_();
}

void LineSink::flush_() {
    std::string_view left = buffer_;
    while (!left.empty()) {
        const auto count = ::write(descriptor, left.data(), left.size());
        if (count >= 0)
            left.remove_prefix(static_cast<std::size_t>(count));
        else if (errno == EAGAIN ? !wait_until_writable() : errno != EINTR)
            break;  // Nobody reads: there is no other place where this could be told.
    }
    buffer_.clear();
}

}  // namespace bulkhead::log
