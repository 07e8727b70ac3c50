#pragma once

#include "http/file_range.hpp"

#include <string_view>
#include <vector>

namespace bulkhead::http {

enum class Sent : std::uint8_t {
    all,
    blocked,  ///< the client has to read first, or it is the others' turn
    broken    ///< it is gone, or its file is no longer what was promised
};

/// What waits to go out on one connection, oldest first: text, and files between it, of which one
/// piece of 64 KiB is in memory.
class Output {
public:
    /// To append to, behind all that waits.
    std::string& text() { return behind_.empty() ? text_ : behind_.back().text; }
    void append(FileRange file);
    std::uint64_t waiting_bytes() const {
        return waiting().size() + (behind_.empty() ? 0 : bytes_behind());
    }
    std::size_t held_bytes() const;  ///< of memory

    /// Hands the kernel as much as it takes, without waiting and without a signal.
    Sent send(int socket);

    /// Gives back what it holds; while nothing waits.
    void release();

    // For whoever sends by other means. load(), until it says other than `all` or leaves waiting()
    // empty; sent(): this much of waiting() is on its way; then one of drop_sent(), when the rest
    // has to wait, and tidy(), when there is none.
    Sent load();
    std::string_view waiting() const { return std::string_view(text_).substr(sent_); }
    void sent(std::size_t bytes) { sent_ += bytes; }
    void drop_sent();
    void tidy();

private:
    struct Behind {
        FileRange file;
        std::string text{};  ///< behind the file
    };

    std::uint64_t bytes_behind() const;

    std::string text_;
    std::size_t sent_ = 0;
    std::vector<Behind> behind_;
    unsigned pieces_ = 0;  ///< of files, in this turn
};

}  // namespace bulkhead::http
