#include "http/middleware/access_log.hpp"

#include "http/application.hpp"
#include "log/log.hpp"

namespace bulkhead::http {

AccessLog::AccessLog(const Blueprint& blueprint) : on_(blueprint.access_log) {}

void AccessLog::leave(Exchange& exchange) {
    if (!on_ || !log::enabled(LogLevel::info))
        return;
    const auto& request = exchange.request;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        exchange.progress.finished - exchange.started);
    log_.info("request",
              {{"method", request.method},
               {"path", request.path},
               {"route", exchange.route ? std::string_view(exchange.route->pattern) : ""},
               {"status", exchange.reply.status},
               {"duration_us", took.count()},
               {"bytes", exchange.reply.body.size()},
               {"remote_address", request.remote_address},
               {"caller", request.caller ? request.caller->id.to_text() : std::string{}},
               {"user_agent", request.header("User-Agent").value_or(std::string_view{})},
               {"traceparent", exchange.traceparent}});
}

}  // namespace bulkhead::http
