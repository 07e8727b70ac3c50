#include "http/output.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace bulkhead::http {

namespace {

constexpr std::size_t kept_bytes = 65'536;  // Of memory, once all is sent.

}  // namespace

Sent Output::send(int socket) {
    while (waiting_bytes() > 0) {
        const auto taken =
            ::send(socket, text_.data() + sent_, waiting_bytes(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken >= 0) {
            sent_ += static_cast<std::size_t>(taken);
        } else if (errno != EINTR) {
            const bool full = errno == EAGAIN || errno == EWOULDBLOCK;
            drop_sent();
            return full ? Sent::blocked : Sent::broken;
        }
    }
    tidy();
    return Sent::all;
}

void Output::tidy() {
    text_.clear();
    sent_ = 0;
    if (text_.capacity() > kept_bytes)
        text_.shrink_to_fit();
}

// Only when it halves the text: moving the rest of a long reply at each turn would cost its square.
void Output::drop_sent() {
    if (sent_ <= text_.size() / 2)
        return;
    text_.erase(0, sent_);
    sent_ = 0;
}

}  // namespace bulkhead::http
