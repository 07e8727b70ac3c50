#include "log/log.hpp"

#include "log/line_sink.hpp"

#include <bulkhead/json.hpp>

#include <spdlog/spdlog.h>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace bulkhead {

namespace {

std::atomic<LogLevel> least_level{LogLevel::info};
thread_local std::string_view current_request;

spdlog::level::level_enum severity(LogLevel level) {
    constexpr std::array severities{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                    spdlog::level::err};
    return severities[static_cast<std::size_t>(level)];
}

// Never destroyed: destructors of static objects may still log.
const std::shared_ptr<spdlog::logger>& logger() {
    static const auto* const made = [] {
        auto fresh =
            std::make_shared<spdlog::logger>("bulkhead", std::make_shared<log::LineSink>());
        fresh->set_level(spdlog::level::trace);
        fresh->flush_on(spdlog::level::trace);
        return new std::shared_ptr<spdlog::logger>(std::move(fresh));
    }();
    return *made;
}

void append(std::string& line, std::string_view name, std::string_view text) {
    line += line.empty() ? '{' : ',';
    json::write_text(line, name);
    line += ':';
    json::write_text(line, text);
}

struct ValueWriter {
    std::string& line;

    void operator()(std::string_view text) const { json::write_text(line, text); }
    void operator()(std::int64_t number) const { line += std::to_string(number); }
    void operator()(bool yes) const { line += yes ? "true" : "false"; }
    void operator()(double number) const {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
        line += std::isfinite(number) ? std::string_view(digits.begin(), end) : "null";
    }
};

}  // namespace

void Log::write(LogLevel level, std::string_view message,
                std::initializer_list<LogField> fields) const {
    if (!log::enabled(level))
        return;
    try {
        std::string line;
        line.reserve(256);
        append(line, "time", to_text(now()));
        append(line, "level", log::names(level)[static_cast<std::size_t>(level)]);
        append(line, "module", module_);
        append(line, "message", message);
        if (!current_request.empty())
            append(line, "request_id", current_request);
        for (const auto& field : fields) {
            line += ',';
            json::write_text(line, field.name);
            line += ':';
            std::visit(ValueWriter{line}, field.value);
        }
        line += '}';
        logger()->log(severity(level), spdlog::string_view_t(line));
    } catch (const std::exception&) {
        return;  // Promised never to throw; without memory there is nothing to write with.
    }
}

namespace log {

void start(LogLevel level, Destination destination) {
    least_level = level;
    LineSink::descriptor = static_cast<int>(destination);
    static const bool started = [] {
        logger()->flush_on(spdlog::level::warn);
        spdlog::register_logger(logger());
        spdlog::flush_every(std::chrono::seconds(1));
        return std::atexit(flush) == 0;
    }();
    static_cast<void>(started);
}

void flush() {
    logger()->flush();
}

bool enabled(LogLevel level) {
    return level >= least_level.load(std::memory_order_relaxed);
}

std::string_view current_request_id() {
    return current_request;
}

RequestScope::RequestScope(std::string_view request_id)
    : previous_(std::exchange(current_request, request_id)) {}

RequestScope::~RequestScope() {
    current_request = previous_;
}

}  // namespace log

}  // namespace bulkhead
