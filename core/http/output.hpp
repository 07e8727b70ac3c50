#pragma once

#include <cstdint>
#include <string>

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

    /// Hands the kernel as much as it takes, without waiting and without a signal.
    Sent send(int socket);

    /// Gives back what it holds; while nothing waits.
    void release() { text_ = {}; }

private:
    void drop_sent();

    std::string text_;
    std::size_t sent_ = 0;
};

}  // namespace bulkhead::http
