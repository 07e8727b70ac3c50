#pragma once
// Structured log lines: one JSON object per line, each with the id of the request that is being
// handled on this thread.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace bulkhead {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogField {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    LogField(std::string_view name, std::string_view text) : name(name), value(text) {}
    LogField(std::string_view name, const std::string& text)
        : name(name), value(std::string_view(text)) {}
    LogField(std::string_view name, const char* text) : name(name), value(std::string_view(text)) {}
    LogField(std::string_view name, bool yes) : name(name), value(yes) {}
    LogField(std::string_view name, double number) : name(name), value(number) {}
    LogField(std::string_view name, std::integral auto number)
        : name(name), value(static_cast<std::int64_t>(number)) {}
};

/// Writes for one module (or part of the core), whose name stands in each line. Any thread; never
/// throws. Values are escaped, so that a line is always one line. Never pass secrets.
class Log {
public:
    explicit Log(std::string module) : module_(std::move(module)) {}

    void debug(std::string_view message, std::initializer_list<LogField> fields = {}) const {
        write(LogLevel::debug, message, fields);
    }
    void info(std::string_view message, std::initializer_list<LogField> fields = {}) const {
        write(LogLevel::info, message, fields);
    }
    void warning(std::string_view message, std::initializer_list<LogField> fields = {}) const {
        write(LogLevel::warning, message, fields);
    }
    void error(std::string_view message, std::initializer_list<LogField> fields = {}) const {
        write(LogLevel::error, message, fields);
    }

private:
    void write(LogLevel level, std::string_view message,
               std::initializer_list<LogField> fields) const;

    std::string module_;
};

}  // namespace bulkhead
