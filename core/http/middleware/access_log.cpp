#include "http/middleware/access_log.hpp"

#include "http/application.hpp"
#include "log/line.hpp"
#include "log/log.hpp"
#include "value/clock.hpp"
#include "value/uuid.hpp"

namespace bulkhead::http {

namespace {

void add_caller(log::Line& line, const Caller* caller) {
    std::array<char, value::uuid_text_bytes> text;
    line.put(R"(,"caller":")");
    if (caller != nullptr)
        line.put({text.data(), value::write_text(text.data(), caller->id.uuid)});
    line.put("\"");
}

void add_fields(log::Line& line, const Exchange& exchange) {
    const auto& request = exchange.request;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        exchange.progress.finished - exchange.started);
    line.put(R"(,"method":)");
    line.text(request.method);
    line.put(R"(,"path":)");
    line.text(request.path);
    line.put(R"(,"route":)");
    line.text(exchange.route != nullptr ? std::string_view(exchange.route->pattern) : "");
    line.put(R"(,"status":)");
    line.number(exchange.reply.status);
    line.put(R"(,"duration_us":)");
    line.number(took.count());
    line.put(R"(,"bytes":)");
    line.number(static_cast<std::int64_t>(exchange.body_bytes()));
    line.put(R"(,"queries":)");
    line.number(exchange.progress.queries);
    line.put(R"(,"remote_address":)");
    line.text(request.remote_address);
    add_caller(line, request.caller);
    line.put(R"(,"user_agent":)");
    line.text(request.header("User-Agent").value_or(std::string_view{}));
    line.put(R"(,"traceparent":)");
    line.plain(exchange.traceparent);
}

}  // namespace

AccessLog::AccessLog(const Blueprint& blueprint)
    : on_(blueprint.access_log), start_(log::line_start(LogLevel::info, "access", "request")) {}

// Not by way of Log: this is written for each request, and costs a tenth this way.
void AccessLog::leave(Exchange& exchange) {
    if (!on_ || !log::enabled(LogLevel::info))
        return;
    [[gnu::tls_model("initial-exec")]] thread_local log::Line line;
    line.begin(value::time_at(exchange.progress.finished), start_, exchange.request.id);
    add_fields(line, exchange);
    log::write(LogLevel::info, line.end());
}

}  // namespace bulkhead::http
