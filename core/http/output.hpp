#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::http {

enum class Sent : std::uint8_t {
    all,
    blocked,  ///< the client has to read first
    broken    ///< it is gone
};

/// What waits to go out on one connection, oldest first.
class Output {
public:
    /// To append to.
    std::string& text() { return text_; }
    std::size_t waiting_bytes() const { return text_.size() - sent_; }
    std::size_t held_bytes() const { return text_.capacity(); }  ///< of memory
    std::string_view waiting() const { return std::string_view(text_).substr(sent_); }

    /// Hands the kernel as much as it takes, without waiting and without a signal.
    Sent send(int socket);

    /// Gives back what it holds; while nothing waits.
    void release() { text_ = {}; }

    // For whoever sends by other means. sent(): this much of waiting() is on its way; then one of
    // drop_sent(), when the rest has to wait, and tidy(), when there is none.
    void sent(std::size_t bytes) { sent_ += bytes; }
    void drop_sent();
    void tidy();

private:
    std::string text_;
    std::size_t sent_ = 0;
};

}  // namespace bulkhead::http
