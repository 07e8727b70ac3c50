#pragma once

#include "http/exchange.hpp"

#include <array>
#include <ctime>

namespace bulkhead::http {

/// What a reply says about its connection.
enum class Persistence : std::uint8_t {
    implied,     ///< HTTP/1.1 stays open without a word
    keep_alive,  ///< HTTP/1.0 has to be told
    close
};

/// Turns replies into HTTP/1.1 text. One per I/O thread: the head up to the length is the same for
/// most replies of one second, so it is kept ready.
class ReplyWriter {
public:
    ReplyWriter();

    /// The Date of replies from now on.
    void set_date(std::time_t now);

    /// Appends the reply as it goes out. A reply to HEAD, 204 and 304 has no body. Header names and
    /// values that would break the reply's frame are left out and logged.
    void append(std::string& out, const Exchange& exchange, Persistence persistence);

private:
    struct Start {
        int status = 0;  ///< 0: none yet
        std::string content_type;
        std::string text;
    };

    const std::string& start_of(int status, std::string_view content_type);

    std::array<Start, 16> starts_;
    std::size_t next_ = 0;  ///< the one to be replaced when none fits
    std::string date_line_;
    std::string middle_;  ///< of one reply, between its start and its header_lines; memory is kept
};

}  // namespace bulkhead::http
