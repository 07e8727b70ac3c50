#include "http/middleware/cors.hpp"

#include "http/application.hpp"
#include "http/problem.hpp"
#include "http/target.hpp"
#include "http/token.hpp"
#include "http/vary.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::string_view every = "*";

std::string line(std::string_view name, std::string_view value) {
    return value.empty() ? std::string{} : std::string(name).append(": ").append(value) + "\r\n";
}

std::string list_of(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
        list.append(list.empty() ? "" : ", ").append(name);
    return list;
}

// A preflight has both headers (Fetch Standard, 4.8); any other OPTIONS is a request like others.
bool is_preflight(const Exchange& exchange) {
    const auto& request = exchange.request;
    return request.method == "OPTIONS" && !exchange.progress.refused &&
           request.header("Origin").has_value() &&
           request.header("Access-Control-Request-Method").has_value();
}

constexpr std::string_view scheme_letters = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
constexpr std::string_view host_letters = "abcdefghijklmnopqrstuvwxyz0123456789-._:[]";

bool is_made_of(std::string_view letters, std::string_view text) {
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

/// Whether browsers write this port: in the fewest digits, and not where the scheme implies it.
bool is_written(std::string_view port, std::string_view scheme) {
    constexpr std::string_view highest = "65535";
    const bool number = !port.empty() && !port.starts_with('0') &&
                        (port.size() < highest.size() || port <= highest);
    return number && (scheme != "http" || port != "80") && (scheme != "https" || port != "443");
}

/// Whether browsers may send this very text: they write lower case, and leave out what is usual
/// (Fetch Standard, 3.2; HTML Standard, 7.1.1). So it can be compared as it stands.
bool is_origin(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || !is_made_of(scheme_letters, text.substr(0, colon)))
        return false;
    const auto host = text.substr(colon + 3);
    if (!is_made_of(host_letters, host) || !is_host(host))
        return false;
    const auto port = host.find(':', host.starts_with('[') ? host.find(']') : 0);
    return port == std::string_view::npos ||
           is_written(host.substr(port + 1), text.substr(0, colon));
}

std::optional<WrongKey> wrong_origins(const CorsOptions& options) {
    constexpr auto key = "cors.origins";
    const bool all = std::ranges::find(options.origins, every) != options.origins.end();
    if (all && options.credentials)
        return WrongKey{key,
                        "'cors.origins' must name each origin where 'cors.credentials' is true: "
                        "with \"*\" any page could act in the name of whoever looks at it"};
    if (all && options.origins.size() > 1)
        return WrongKey{key, "'cors.origins' must be \"*\" alone, which means all, or without it"};
    const auto wrong = std::ranges::find_if_not(
        options.origins, [all](std::string_view origin) { return all || is_origin(origin); });
    if (wrong == options.origins.end())
        return std::nullopt;
    return wrong_value(key,
                       "must list origins as browsers send them, such as "
                       "\"https://app.example.org\" or \"http://localhost:3000\" (lower case, no "
                       "path, no port 443 or 80 that goes without saying)",
                       *wrong);
}

std::optional<WrongKey> wrong_names(const std::string& key, const std::vector<std::string>& names,
                                    bool credentials) {
    for (const auto& name : names) {
        if (!is_token(name))
            return wrong_value(key, "must list names of headers", name);
        if (name == every && credentials)
            return wrong_value(
                key, "must name each header where 'cors.credentials' is true (Fetch Standard)",
                name);
    }
    return std::nullopt;
}

}  // namespace

std::optional<WrongKey> wrong_key(const CorsOptions& options) {
    if (auto wrong = wrong_origins(options))
        return wrong;
    if (auto wrong =
            wrong_names("cors.request_headers", options.request_headers, options.credentials))
        return wrong;
    return wrong_names("cors.exposed_headers", options.exposed_headers, options.credentials);
}

bool Cors::has_work(const Blueprint& blueprint) {
    return !blueprint.features.cors.origins.empty();
}

Cors::Cors(const Blueprint& blueprint) {
    const auto& options = blueprint.features.cors;
    std::string same_for_all =
        options.credentials ? "Access-Control-Allow-Credentials: true\r\n" : "";
    same_for_all += line("Access-Control-Expose-Headers", list_of(options.exposed_headers));
    for (const auto& origin : options.origins)
        lines_[origin] = line("Access-Control-Allow-Origin", origin) += same_for_all;
    every_origin_ = lines_.contains(every);
    preflight_lines_ = line("Access-Control-Allow-Headers", list_of(options.request_headers)) +
                       line("Access-Control-Max-Age", std::to_string(options.max_age_seconds));
}

const std::string* Cors::lines_for(const Request& request) const {
    if (every_origin_)
        return &lines_.begin()->second;
    const auto origin = request.header("Origin");
    const auto found = origin ? lines_.find(*origin) : lines_.end();
    return found == lines_.end() ? nullptr : &found->second;
}

Step Cors::enter(Exchange& exchange) {
    if (!is_preflight(exchange))
        return Step::proceed;
    if (lines_for(exchange.request) == nullptr) {
        exchange.reply =
            error_reply(Error::forbidden("http.foreign_origin",
                                         "Pages of this origin may not use this API: it is not "
                                         "among its cors.origins."),
                        exchange.request.id);
        return Step::answered;
    }
    if (exchange.progress.found != Found::options)
        return Step::proceed;
    exchange.reply.status = 204;
    exchange.header_lines += line("Access-Control-Allow-Methods", exchange.progress.allow);
    exchange.header_lines += preflight_lines_;
    return Step::answered;
}

void Cors::leave(Exchange& exchange) {
    if (const auto* const lines = lines_for(exchange.request))
        exchange.header_lines += *lines;
    if (!every_origin_)
        vary_by(exchange, "Origin");
}

}  // namespace bulkhead::http
