#include "http/reply_writer.hpp"

#include "http/problem.hpp"
#include "http/token.hpp"

#include <bulkhead/log.hpp>

#include <charconv>

namespace bulkhead::http {

namespace {

// RFC 9110, 5.6.7: always in English, whatever the locale.
std::string date_line(std::time_t now) {
    static constexpr const char* days[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[64];
    const int length = std::snprintf(text, sizeof text, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT",
                                     days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return {text, static_cast<std::size_t>(length)};
}

// What the connection alone may say.
bool is_framing(std::string_view name) {
    for (const std::string_view own :
         {"Date", "Connection", "Content-Length", "Transfer-Encoding", "Content-Type"})
        if (same_ignoring_case(name, own))
            return true;
    return false;
}

bool fits(std::string_view name, std::string_view value) {
    return is_token(name) && !is_framing(name) &&
           value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_header(std::string& out, const std::string& name, const std::string& value) {
    static const Log log("http");
    if (!fits(name, value)) {
        // Neither is shown: they may hold what a client sent in order to be shown.
        log.error(
            "reply header dropped: its name is no token or belongs to the connection, or its "
            "value has a line break",
            {{"name", is_token(name) ? name : std::string("?")}});
        return;
    }
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_length(std::string& out, std::size_t bytes) {
    char digits[24];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), bytes);
    out.append("Content-Length: ").append(digits, end).append("\r\n");
}

void append_persistence(std::string& out, Persistence persistence) {
    if (persistence == Persistence::close)
        out += "Connection: close\r\n";
    else if (persistence == Persistence::keep_alive)
        out += "Connection: keep-alive\r\n";
}

}  // namespace

ReplyWriter::ReplyWriter() {
    set_date(std::time(nullptr));
}

void ReplyWriter::set_date(std::time_t now) {
    date_line_ = date_line(now);
    for (auto& start : starts_)
        start.status = 0;
}

const std::string& ReplyWriter::start_of(int status, std::string_view content_type) {
    for (const auto& start : starts_)
        if (start.status == status && start.content_type == content_type)
            return start.text;
    auto& start = starts_[next_++ % starts_.size()];
    start.status = status;
    start.content_type = content_type;
    start.text = "HTTP/1.1 " + std::to_string(status) + ' ';
    start.text.append(reason_phrase(status)).append("\r\n").append(date_line_).append("\r\n");
    if (!content_type.empty())
        start.text.append("Content-Type: ").append(content_type).append("\r\n");
    return start.text;
}

void ReplyWriter::append(std::string& out, const Exchange& exchange, Persistence persistence) {
    const auto& reply = exchange.reply;
    const bool has_length = reply.status != 204 && reply.status != 304;
    const bool has_body = has_length && !reply.body.empty();
    out += start_of(reply.status, has_body ? reply.content_type : std::string_view{});
    if (has_length)
        append_length(out, reply.body.size());
    append_persistence(out, persistence);
    for (const auto& [name, value] : reply.headers)
        append_header(out, name, value);
    out.append(exchange.header_lines).append("\r\n");
    if (has_body && exchange.request.method != "HEAD")
        out += reply.body;
}

}  // namespace bulkhead::http
