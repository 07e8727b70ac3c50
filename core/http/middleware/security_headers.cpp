#include "http/middleware/security_headers.hpp"

#include "http/application.hpp"
#include "http/token.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::string_view names[]{"Strict-Transport-Security", "X-Content-Type-Options",
                                   "X-Frame-Options",           "Referrer-Policy",
                                   "Content-Security-Policy",   "Cache-Control"};

constexpr std::string_view frame_words[]{"DENY", "SAMEORIGIN"};
constexpr std::string_view referrer_policies[]{"no-referrer",
                                               "no-referrer-when-downgrade",
                                               "same-origin",
                                               "origin",
                                               "strict-origin",
                                               "origin-when-cross-origin",
                                               "strict-origin-when-cross-origin",
                                               "unsafe-url"};

// What kind of reply it is, as bits of its number.
constexpr std::size_t is_secure = 1;
constexpr std::size_t is_page = 2;
constexpr std::size_t is_api = 4;

void add(std::string& lines, std::string_view name, std::string_view value) {
    if (!value.empty())
        lines.append(name).append(": ").append(value).append("\r\n");
}

std::string transport_policy(const SecurityHeaderOptions& options) {
    if (options.hsts_seconds == 0)
        return {};
    return "max-age=" + std::to_string(options.hsts_seconds) +
           (options.hsts_subdomains ? "; includeSubDomains" : "");
}

std::string lines_for(std::size_t kind, const SecurityHeaderOptions& options) {
    std::string lines;
    add(lines, "X-Content-Type-Options", "nosniff");
    add(lines, "X-Frame-Options", options.frame);
    add(lines, "Referrer-Policy", options.referrer);
    add(lines, "Content-Security-Policy",
        (kind & is_page) != 0 ? options.page_policy : options.content_policy);
    if ((kind & is_api) != 0)
        add(lines, "Cache-Control", "no-store");
    if ((kind & is_secure) != 0)
        add(lines, "Strict-Transport-Security", transport_policy(options));
    return lines;
}

std::size_t kind_of(const Exchange& exchange) {
    const auto path = exchange.request.path;
    const bool api = path.starts_with("/api") && (path.size() == 4 || path[4] == '/');
    const bool page = exchange.reply.content_type.starts_with("text/html");
    return (exchange.secure ? is_secure : 0) | (page ? is_page : 0) | (api ? is_api : 0);
}

bool is_ours(std::string_view name) {
    return std::ranges::any_of(
        names, [name](std::string_view own) { return same_ignoring_case(name, own); });
}

bool sets(const Reply& reply, std::string_view name) {
    return std::ranges::any_of(reply.headers, [name](const auto& header) {
        return same_ignoring_case(header.first, name);
    });
}

void append_unless_set(Exchange& exchange, std::string_view lines) {
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n') + 1);
        if (!sets(exchange.reply, line.substr(0, line.find(':'))))
            exchange.header_lines += line;
        lines.remove_prefix(line.size());
    }
}

}  // namespace

std::optional<WrongKey> wrong_key(const SecurityHeaderOptions& options) {
    const auto is_one_of = [](std::string_view text, auto& words) {
        return text.empty() || std::ranges::find(words, text) != std::end(words);
    };
    if (!is_one_of(options.frame, frame_words))
        return wrong_value("security_headers.frame", "must be DENY, SAMEORIGIN or empty",
                           options.frame);
    if (!is_one_of(options.referrer, referrer_policies))
        return wrong_value("security_headers.referrer",
                           "must be a policy such as no-referrer, same-origin or strict-origin, or "
                           "empty",
                           options.referrer);
    for (const auto& [key, policy] : {std::pair("content_policy", &options.content_policy),
                                      std::pair("page_policy", &options.page_policy)})
        if (!is_header_text(*policy))
            return wrong_value("security_headers." + std::string(key),
                               "must be one line of printable ASCII", *policy);
    return std::nullopt;
}

SecurityHeaders::SecurityHeaders(const Blueprint& blueprint) {
    for (std::size_t kind = 0; kind < lines_.size(); ++kind)
        lines_[kind] = lines_for(kind, blueprint.features.security_headers);
}

void SecurityHeaders::leave(Exchange& exchange) {
    const auto& lines = lines_[kind_of(exchange)];
    const auto& headers = exchange.reply.headers;
    if (std::ranges::none_of(headers, [](const auto& header) { return is_ours(header.first); }))
        exchange.header_lines += lines;
    else
        append_unless_set(exchange, lines);
}

}  // namespace bulkhead::http
