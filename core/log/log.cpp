#include "log/log.hpp"

#include "log/line.hpp"
#include "log/line_sink.hpp"

#include <spdlog/spdlog.h>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace bulkhead {

namespace {

std::atomic<LogLevel> least_level{LogLevel::info};
[[gnu::tls_model("initial-exec")]] thread_local constinit std::string_view current_request;

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

struct ValueWriter {
    log::Line& line;

    void operator()(std::string_view text) const { line.text(text); }
    void operator()(std::int64_t number) const { line.number(number); }
    void operator()(bool yes) const { line.put(yes ? "true" : "false"); }
    void operator()(double number) const {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
        line.put(std::isfinite(number) ? std::string_view(digits.begin(), end) : "null");
    }
};

}  // namespace

void Log::write(LogLevel level, std::string_view message,
                std::initializer_list<LogField> fields) const {
    if (!log::enabled(level))
        return;
    try {
        log::Line line;
        line.begin(now(), log::line_start(level, module_, message), current_request);
        for (const auto& field : fields) {
            line.put(",");
            line.text(field.name);
            line.put(":");
            std::visit(ValueWriter{line}, field.value);
        }
        const auto text = line.end();
        logger()->log(severity(level), spdlog::string_view_t(text.data(), text.size()));
    } catch (const std::exception&) {
        return;  // Promised never to throw; without memory there is nothing to write with.
    }
}

namespace log {

void start(LogLevel level, Destination destination) {
    least_level = level;
    descriptor = static_cast<int>(destination);
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

void write(LogLevel level, std::string_view line) {
    add_line(line);
    if (severity(level) >= logger()->flush_level())
        write_lines();
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
