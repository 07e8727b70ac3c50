#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::module {

struct LineLimits {
    std::size_t heard_bytes;   ///< one line of the other side
    std::size_t unsent_bytes;  ///< what it has not taken yet
};

/// Lines over one end of a stream socket, in both directions, never waiting unless told to. The
/// channel ends with the other side, and when that breaks a limit. One thread.
class LineChannel {
public:
    /// Takes the socket and closes it; -1 is a channel that has ended.
    LineChannel(int descriptor, LineLimits limits) : descriptor_(descriptor), limits_(limits) {}
    LineChannel(LineChannel&& other) noexcept;
    LineChannel& operator=(LineChannel&& other) noexcept;
    ~LineChannel();

    /// -1 once it has ended.
    int descriptor() const { return descriptor_; }
    /// What to poll for.
    short events() const;

    /// The next whole line without its end; empty when there is none yet.
    std::optional<std::string> next_line();
    /// Whether next_line() has one without reading: no poll will tell.
    bool has_line() const { return received_.find('\n') != std::string::npos; }
    /// Sends what goes at once and keeps the rest for flush(). The line must not hold '\n'. False,
    /// here and below, when nobody takes it any more; what was said before can still be heard.
    bool send(std::string_view line);
    bool flush();
    /// Returns once all has been sent, or nobody takes it.
    bool flush_waiting();
    bool ended() const { return descriptor_ < 0; }
    /// Whether it ended because of what was said.
    bool overlong() const { return overlong_; }
    bool all_sent() const { return unsent_.empty(); }
    /// What has not been read or sent yet is dropped.
    void close();

private:
    void end();
    bool read_more();

    int descriptor_;
    LineLimits limits_;
    std::string received_;
    std::size_t searched_ = 0;  ///< of `received_`: holds no end of a line
    std::string unsent_;
    bool overlong_ = false;
};

}  // namespace bulkhead::module
