#include "http/middleware/security_headers.hpp"

#include "http/token.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::string_view everywhere[]{
    "X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n",
    "Referrer-Policy: no-referrer\r\n",
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"};
constexpr std::string_view under_api = "Cache-Control: no-store\r\n";

void append_unless_set(Exchange& exchange, std::string_view line) {
    const auto name = line.substr(0, line.find(':'));
    const bool set = std::ranges::any_of(exchange.reply.headers, [&](const auto& header) {
        return same_ignoring_case(header.first, name);
    });
    if (!set)
        exchange.header_lines += line;
}

bool is_api(std::string_view path) {
    return path.starts_with("/api") && (path.size() == 4 || path[4] == '/');
}

}  // namespace

void SecurityHeaders::leave(Exchange& exchange) {
    for (const auto line : everywhere)
        append_unless_set(exchange, line);
    if (is_api(exchange.request.path))
        append_unless_set(exchange, under_api);
}

}  // namespace bulkhead::http
