#include "http/parser.hpp"

#include "http/tokens.hpp"

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
    : options_(options),
      input_(input),
      tokens_(std::make_unique<Tokens>(options, head_, copied_)) {}

Parser::~Parser() = default;

Parsed Parser::read_head() {
    // RFC 9112, 2.2: an empty line before a request is left over from an older client's body.
    if (!skipped_empty_line_ && input_.unread().starts_with("\r\n")) {
        input_.used(2);
        skipped_empty_line_ = true;
    }
    const auto unread = input_.unread();
    if (unread.empty() || (unread == "\r" && !skipped_empty_line_))
        return Parsed::need_more;
    // The first bytes are judged at once; after that only a whole head is worth the work.
    if (scanned_ > 0 && !holds_head_end(unread))
        return want_more_head(unread);
    return parse_head(unread);
}

Parsed Parser::parse_head(std::string_view unread) {
    clear_head();
    *tokens_ = Tokens(options_, head_, copied_);
    head_.bytes = tokens_->read(unread);
    if (tokens_->wants_more)
        return want_more_head(unread);
    if (head_.bytes > static_cast<std::size_t>(options_.header_bytes))
        return want_more_head(unread.substr(0, head_.bytes));
    if (tokens_->refusal)
        return refuse(std::move(*tokens_->refusal));
    const auto room = room_for_body(unread);
    if (room <= input_.room().size())
        return Parsed::complete;
    input_.make_room(room);  // Now, because once the request is routed nothing may move.
    return parse_head(input_.unread());
}

// How much room() the rest of the body needs to come in without moving what lies before it.
std::size_t Parser::room_for_body(std::string_view unread) const {
    const auto here = unread.size() - head_.bytes;
    if (head_.chunked)
        return static_cast<std::size_t>(options_.header_bytes);
    if (head_.content_length <= here)
        return 0;
    return std::min<std::size_t>(head_.content_length - here, read_ahead_bytes);
}

Parsed Parser::want_more_head(std::string_view unread) {
    clear_head();
    const auto limit = static_cast<std::size_t>(options_.header_bytes);
    if (unread.size() < limit) {
        scanned_ = std::max<std::size_t>(unread.size(), 3) - 2;
        return Parsed::need_more;
    }
    const auto found = std::to_string(limit) + " bytes.";
    if (unread.substr(0, limit).find('\n') == std::string_view::npos)
        return refuse({ErrorKind::uri_too_long, "http.uri_too_long",
                       "The request line is longer than " + found});
    return refuse({ErrorKind::headers_too_large, "http.headers_too_large",
                   "The request line and the headers are longer than " + found});
}

// The input may move before the rest is there: no view may be left behind.
void Parser::clear_head() {
    auto headers = std::move(head_.headers);
    headers.clear();
    head_ = {};
    head_.headers = std::move(headers);
}

// An empty line, with bare LFs too: those are then refused at once and not when time runs out.
bool Parser::holds_head_end(std::string_view unread) const {
    for (auto end = unread.find('\n', scanned_); end != std::string_view::npos;
         end = unread.find('\n', end + 1)) {
        const auto next = unread.substr(end + 1);
        if (next.starts_with('\n') || next.starts_with("\r\n"))
            return true;
    }
    return false;
}

Parsed Parser::limit_body(std::size_t bytes) {
    tokens_->limit_body(bytes);
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
    if (unread.empty())
        return Parsed::need_more;
    const auto done = tokens_->read(unread);
    body_ = copied_;
    input_.cut(head_.bytes, done);
    if (tokens_->refusal)
        return refuse(std::move(*tokens_->refusal));
    if (tokens_->is_done())
        return Parsed::complete;
    if (unread.size() - done >= static_cast<std::size_t>(options_.header_bytes))
        return refuse({ErrorKind::headers_too_large, "http.headers_too_large",
                       "A chunk's first line or the trailers are longer than " +
                           std::to_string(options_.header_bytes) + " bytes."});
    return Parsed::need_more;
}

void Parser::next() {
    const bool in_input = copied_.empty();
    input_.used(head_.bytes + (in_input ? body_.size() : 0));
    clear_head();
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
