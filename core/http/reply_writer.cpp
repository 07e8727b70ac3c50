#include "http/reply_writer.hpp"

#include "http/http_date.hpp"
#include "http/problem.hpp"
#include "http/token.hpp"
#include "value/append_all.hpp"

#include <bulkhead/log.hpp>

#include <charconv>

namespace bulkhead::http {

namespace {

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

bool has_length(int status) {
    return status != 204 && status != 304;
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

std::string_view persistence_line(Persistence persistence) {
    switch (persistence) {
        case Persistence::close:
            return "Connection: close\r\n";
        case Persistence::keep_alive:
            return "Connection: keep-alive\r\n";
        case Persistence::implied:
            break;
    }
    return {};
}

/// The number and the end of its line.
void append_length(std::string& out, std::uint64_t bytes) {
    std::array<char, 24> room;
    auto* end = std::to_chars(room.data(), room.data() + room.size(), bytes).ptr;
    *end++ = '\r';
    *end++ = '\n';
    out.append(room.data(), end);
}

}  // namespace

ReplyWriter::ReplyWriter() {
    set_date(std::time(nullptr));
}

void ReplyWriter::set_date(std::time_t now) {
    date_line_ = "Date: " + http_date(now);
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
    if (has_length(status))
        start.text += "Content-Length: ";
    return start.text;
}

void ReplyWriter::append(std::string& out, const Exchange& exchange, Persistence persistence) {
    const auto& reply = exchange.reply;
    const std::string_view body = has_length(reply.status) ? reply.body : std::string_view{};
    const bool has_body = has_length(reply.status) && exchange.body_bytes() > 0;
    const auto content_type = has_body ? reply.content_type : std::string_view{};
    middle_.clear();
    if (has_length(reply.status))
        append_length(middle_, exchange.body_bytes());
    if (persistence != Persistence::implied)
        middle_ += persistence_line(persistence);
    for (const auto& [name, value] : reply.headers)
        append_header(middle_, name, value);
    const bool shows_body = exchange.request.method != "HEAD";
    value::append_all(out, {start_of(reply.status, content_type), middle_, exchange.header_lines,
                            "\r\n", shows_body ? body : std::string_view{}});
}

}  // namespace bulkhead::http
