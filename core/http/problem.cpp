#include "http/problem.hpp"

#include "log/log.hpp"

#include <bulkhead/json.hpp>

#include <array>

namespace bulkhead::http {

namespace {

struct Phrase {
    std::size_t status;
    std::string_view text;
};

constexpr Phrase phrases[]{{100, "Continue"},
                           {101, "Switching Protocols"},
                           {200, "OK"},
                           {201, "Created"},
                           {202, "Accepted"},
                           {204, "No Content"},
                           {206, "Partial Content"},
                           {301, "Moved Permanently"},
                           {302, "Found"},
                           {303, "See Other"},
                           {304, "Not Modified"},
                           {307, "Temporary Redirect"},
                           {308, "Permanent Redirect"},
                           {400, "Bad Request"},
                           {401, "Unauthorized"},
                           {403, "Forbidden"},
                           {404, "Not Found"},
                           {405, "Method Not Allowed"},
                           {406, "Not Acceptable"},
                           {408, "Request Timeout"},
                           {409, "Conflict"},
                           {410, "Gone"},
                           {412, "Precondition Failed"},
                           {413, "Content Too Large"},
                           {414, "URI Too Long"},
                           {415, "Unsupported Media Type"},
                           {416, "Range Not Satisfiable"},
                           {417, "Expectation Failed"},
                           {421, "Misdirected Request"},
                           {422, "Unprocessable Content"},
                           {426, "Upgrade Required"},
                           {428, "Precondition Required"},
                           {429, "Too Many Requests"},
                           {431, "Request Header Fields Too Large"},
                           {500, "Internal Server Error"},
                           {501, "Not Implemented"},
                           {502, "Bad Gateway"},
                           {503, "Service Unavailable"},
                           {504, "Gateway Timeout"},
                           {505, "HTTP Version Not Supported"}};

// Looked up for every reply, hence by index.
constexpr auto phrase_of_status = [] {
    std::array<std::string_view, 600> table{};
    for (const auto& [status, text] : phrases)
        table[status] = text;
    return table;
}();

void write_member(std::string& out, std::string_view label, std::string_view text) {
    out += label;
    json::write_text(out, text);
}

void write_details(std::string& out, const std::vector<Violation>& violations) {
    std::string_view separator = "{";
    for (const auto& violation : violations) {
        out += separator;
        write_member(out, R"("field":)", violation.field);
        write_member(out, R"(,"code":)", violation.code);
        write_member(out, R"(,"message":)", violation.message);
        out += '}';
        separator = ",{";
    }
}

std::string envelope(std::string_view code, std::string_view message,
                     const std::vector<Violation>& violations, std::string_view request_id) {
    std::string out;
    out.reserve(160 + message.size() + violations.size() * 96);
    write_member(out, R"({"success":false,"data":null,"error":{"code":)", code);
    write_member(out, R"(,"message":)", message);
    out += R"(,"details":[)";
    write_details(out, violations);
    write_member(out, R"(]},"meta":{"request_id":)", request_id);
    out += "}}";
    return out;
}

void log_refusal(const Error& error, int status, std::string_view request_id) {
    static const Log log("http");
    const log::RequestScope scope(request_id);
    // Below 500 it is the client's doing, and a client must not be able to cry for help.
    const auto write = status >= 500 ? &Log::error : &Log::info;
    (log.*write)("refused", {{"code", error.code},
                             {"status", status},
                             {"public_message", error.message},
                             {"detail", error.detail}});
}

void add_headers(Reply& reply) {
    if (reply.status == 401)  // RFC 6750, 3: the scheme is followed by at least one parameter.
        reply.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="api")");
    else if (reply.status == 429 || reply.status == 503)
        reply.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds));
}

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::malformed:
            return 400;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::method_not_allowed:
            return 405;
        case ErrorKind::request_timeout:
            return 408;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::precondition_failed:
            return 412;
        case ErrorKind::too_large:
            return 413;
        case ErrorKind::uri_too_long:
            return 414;
        case ErrorKind::unsupported_media:
            return 415;
        case ErrorKind::range_not_satisfiable:
            return 416;
        case ErrorKind::expectation_failed:
            return 417;
        case ErrorKind::invalid:
            return 422;
        case ErrorKind::too_many_requests:
            return 429;
        case ErrorKind::headers_too_large:
            return 431;
        case ErrorKind::internal:
            return 500;
        case ErrorKind::not_implemented:
            return 501;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::timeout:
            return 504;
        case ErrorKind::version_unsupported:
            return 505;
    }
    __builtin_unreachable();
}

std::string_view reason_phrase(int status) {
    const auto index = static_cast<std::size_t>(status);
    return index < phrase_of_status.size() ? phrase_of_status[index] : std::string_view{};
}

Reply error_reply(const Error& error, std::string_view request_id) {
    Reply reply;
    reply.status = status_of(error.kind);
    const bool internal = error.kind == ErrorKind::internal;
    if (internal || !error.detail.empty())
        log_refusal(error, reply.status, request_id);
    if (internal)
        reply.body = envelope("http.internal",
                              "Something went wrong here. The request id finds it in the log.", {},
                              request_id);
    else
        reply.body = envelope(error.code, error.message, error.violations, request_id);
    add_headers(reply);
    return reply;
}

}  // namespace bulkhead::http
