#include "module/line_channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace bulkhead::module {

LineChannel::LineChannel(LineChannel&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      limits_(other.limits_),
      received_(std::move(other.received_)),
      searched_(other.searched_),
      unsent_(std::move(other.unsent_)) {}

LineChannel& LineChannel::operator=(LineChannel&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    limits_ = other.limits_;
    received_ = std::move(other.received_);
    searched_ = other.searched_;
    unsent_ = std::move(other.unsent_);
    return *this;
}

LineChannel::~LineChannel() {
    end();
}

void LineChannel::close() {
    end();
    received_.clear();
    searched_ = 0;
    overlong_ = false;
}

void LineChannel::end() {
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

short LineChannel::events() const {
    return static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
}

// What was said before the end is still heard after it.
std::optional<std::string> LineChannel::next_line() {
    for (;;) {
        const auto end = received_.find('\n', searched_);
        if (end != std::string::npos) {
            auto line = received_.substr(0, end);
            received_.erase(0, end + 1);
            searched_ = 0;
            return line;
        }
        searched_ = received_.size();
        if (!read_more())
            return std::nullopt;
    }
}

bool LineChannel::read_more() {
    if (ended())
        return false;
    std::array<char, 16'384> bytes;
    const auto count = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    const bool later = count < 0 && (errno == EAGAIN || errno == EINTR);
    if (count > 0)
        received_.append(bytes.data(), static_cast<std::size_t>(count));
    overlong_ = received_.size() > limits_.heard_bytes &&
                received_.find('\n', searched_) > limits_.heard_bytes;
    if ((count <= 0 && !later) || overlong_)
        end();
    return count > 0 && !overlong_;
}

bool LineChannel::send(std::string_view line) {
    if (ended())
        return false;
    unsent_.append(line).push_back('\n');
    const bool taken = flush();
    if (unsent_.size() > limits_.unsent_bytes)
        close();
    return taken && !ended();
}

bool LineChannel::flush() {
    while (!ended() && !unsent_.empty()) {
        const auto count =
            ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN)
            return true;
        if (count < 0 && errno != EINTR)
            return unsent_.clear(), false;
        unsent_.erase(0, count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return !ended();
}

bool LineChannel::flush_waiting() {
    bool taken = flush();
    while (taken && !unsent_.empty()) {
        pollfd watched{descriptor_, POLLOUT, 0};
        ::poll(&watched, 1, -1);
        taken = flush();
    }
    return taken;
}

}  // namespace bulkhead::module
