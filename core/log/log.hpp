#pragma once
// Where SDK's Log lines go: one JSON object per line, by default on standard output.

#include <bulkhead/log.hpp>
#include <bulkhead/shape.hpp>

namespace bulkhead::log {

constexpr std::array<std::string_view, 4> names(LogLevel) {
    return {"debug", "info", "warning", "error"};
}

/// [log] of plugins.toml.
struct Options {
    std::string level = "info";
    bool access = true;

    static auto fields() {
        return shape(field("level", &Options::level), field("access", &Options::access));
    }
};

/// Where the lines go; a command whose answer stands on standard output keeps them out of it.
enum class Destination : std::uint8_t { standard_output = 1, standard_error = 2 };

/// Sets level and starts flushing; before it, lines of level info and above are written at once.
void start(LogLevel level, Destination destination = Destination::standard_output);
/// Writes out whatever is buffered. Called before exit.
void flush();
bool enabled(LogLevel level);

/// Writes a line that is there already, without its line break; the way of those that are too many
/// to go through Log. Whether its level is enabled() is for the caller to ask.
void write(LogLevel level, std::string_view line);

/// What RequestScope has set on this thread; empty outside of one. Safe in a signal handler.
std::string_view current_request_id();

/// While it lives, lines written on this thread carry this request id.
class RequestScope {
public:
    explicit RequestScope(std::string_view request_id);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;

private:
    std::string_view previous_;
};

}  // namespace bulkhead::log
