#pragma once
// Where SDK's Log lines go: standard output, one JSON object per line.

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

/// Sets level and starts flushing; before it, lines of level info and above are written at once.
void start(LogLevel level);
/// Writes out whatever is buffered. Called before exit.
void flush();
bool enabled(LogLevel level);

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
