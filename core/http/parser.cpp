#include "http/parser.hpp"

#include "http/head_reader.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::size_t read_ahead_bytes = 65'536;  // Of a body: the most that one read takes.
constexpr std::size_t kept_bytes = 65'536;        // Of memory, from one request to the next.

Error too_large(std::size_t limit) {
    return {ErrorKind::too_large, "http.body_too_large",
            "The body is longer than " + std::to_string(limit) + " bytes."};
}

}  // namespace

Parser::Parser(const Options& options, Input& input)
    : options_(options), input_(input), chunks_(options, copied_) {}

Parsed Parser::read_head() {
    // RFC 9112, 2.2: an empty line before a request is left over from an older client's body.
    if (!skipped_empty_line_ && input_.unread().starts_with("\r\n")) {
        input_.used(2);
        skipped_empty_line_ = true;
    }
    const auto text = input_.unread().substr(0, head_limit());
    if (text.empty() || (text == "\r" && !skipped_empty_line_))
        return Parsed::need_more;
    // The first bytes are judged at once; after that only a whole head is worth the work.
    if (scanned_ > 0 && text.size() < head_limit() && !holds_head_end(text))
        return want_more_head(text);
    return parse_head(text);
}

Parsed Parser::parse_head(std::string_view text) {
    HeadReader reader(options_, text, head_);
    const auto parsed = reader.read();
    if (parsed == Parsed::need_more)
        return want_more_head(text);
    if (parsed == Parsed::refused)
        return refuse(std::move(*reader.refusal));
    const auto room = room_for_body();
    if (room <= input_.room().size())
        return Parsed::complete;
    head_.clear();
    input_.make_room(room);  // Now, because once the request is routed nothing may move.
    return parse_head(input_.unread().substr(0, head_limit()));
}

// How much room() the rest of the body needs to come in without moving what lies before it.
std::size_t Parser::room_for_body() const {
    if (head_.chunked)
        return ChunkReader::most_left_bytes(options_) + 1;
    const auto here = input_.unread().size() - head_.bytes;
    if (head_.content_length <= here)
        return 0;
    return std::min<std::size_t>(head_.content_length - here, read_ahead_bytes);
}

Parsed Parser::want_more_head(std::string_view text) {
    head_.clear();  // The input may move before the rest is there: no view may be left behind.
    if (text.size() < head_limit()) {
        scanned_ = std::max<std::size_t>(text.size(), 3) - 2;
        return Parsed::need_more;
    }
    const auto limit = std::to_string(head_limit()) + " bytes.";
    if (text.find('\n') == std::string_view::npos)
        return refuse({ErrorKind::uri_too_long, "http.uri_too_long",
                       "The request line is longer than " + limit});
    return refuse({ErrorKind::headers_too_large, "http.headers_too_large",
                   "The request line and the headers are longer than " + limit});
}

// An empty line, with bare LFs too: those are then refused at once and not when time runs out.
bool Parser::holds_head_end(std::string_view text) const {
    for (auto end = text.find('\n', scanned_); end != std::string_view::npos;
         end = text.find('\n', end + 1)) {
        const auto next = text.substr(end + 1);
        if (next.starts_with('\n') || next.starts_with("\r\n"))
            return true;
    }
    return false;
}

Parsed Parser::limit_body(std::size_t bytes) {
    if (head_.chunked)
        chunks_.begin(bytes);
    if (head_.content_length > bytes)
        return refuse(too_large(bytes));
    return Parsed::complete;
}

Parsed Parser::read_body() {
    const auto unread = input_.unread().substr(head_.bytes);
    return head_.chunked ? read_chunks(unread) : read_counted(unread);
}

Parsed Parser::read_counted(std::string_view unread) {
    const auto length = static_cast<std::size_t>(head_.content_length);
    if (copied_.empty() && unread.size() >= length) {
        body_ = unread.substr(0, length);
        return Parsed::complete;
    }
    const auto more = unread.substr(0, length - copied_.size());
    copied_ += more;
    body_ = copied_;
    input_.cut(head_.bytes, more.size());
    return body_.size() == length ? Parsed::complete : Parsed::need_more;
}

Parsed Parser::read_chunks(std::string_view unread) {
    auto rest = unread;
    const auto parsed = chunks_.read(rest);
    body_ = copied_;
    input_.cut(head_.bytes, unread.size() - rest.size());
    return parsed == Parsed::refused ? refuse(std::move(*chunks_.refusal)) : parsed;
}

void Parser::next() {
    const bool in_input = copied_.empty();
    input_.used(head_.bytes + (in_input ? body_.size() : 0));
    head_.clear();
    body_ = {};
    if (copied_.capacity() > kept_bytes)
        copied_ = {};
    copied_.clear();
    scanned_ = 0;
    skipped_empty_line_ = false;
}

Parsed Parser::refuse(Error error) {
    error_ = std::move(error);
    return Parsed::refused;
}

}  // namespace bulkhead::http
