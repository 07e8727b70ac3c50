#include "http/output.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace bulkhead::http {

namespace {

constexpr std::size_t piece_bytes = 65'536;
constexpr std::size_t kept_bytes = piece_bytes;  // Of memory, once all is sent.
constexpr unsigned turn_pieces = 16;  // A client that takes all there is must not starve others.

}  // namespace

void Output::append(FileRange file) {
    if (file.is_open() && file.length() > 0)
        behind_.push_back({std::move(file)});
}

std::uint64_t Output::bytes_behind() const {
    std::uint64_t bytes = 0;
    for (const auto& [file, text] : behind_)
        bytes += file.length() + text.size();
    return bytes;
}

std::size_t Output::held_bytes() const {
    auto bytes = text_.capacity();
    for (const auto& [file, text] : behind_)
        bytes += text.capacity();
    return bytes;
}

void Output::release() {
    text_ = {};
    behind_.clear();
}

Sent Output::load() {
    while (waiting().empty() && !behind_.empty()) {
        text_.clear();
        sent_ = 0;
        auto& next = behind_.front();
        if (next.file.length() == 0) {
            text_ = std::move(next.text);
            behind_.erase(behind_.begin());
        } else if (++pieces_ > turn_pieces) {
            pieces_ = 0;
            return Sent::blocked;
        } else if (!next.file.read(text_, piece_bytes)) {
            return Sent::broken;
        }
    }
    return Sent::all;
}

Sent Output::send(int socket) {
    auto loaded = load();
    for (; loaded == Sent::all && !waiting().empty(); loaded = load()) {
        const auto taken =
            ::send(socket, waiting().data(), waiting().size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken >= 0) {
            sent(static_cast<std::size_t>(taken));
        } else if (errno != EINTR) {
            const bool full = errno == EAGAIN || errno == EWOULDBLOCK;
            drop_sent();
            return full ? Sent::blocked : Sent::broken;
        }
    }
    if (loaded == Sent::all)
        tidy();
    return loaded;
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
