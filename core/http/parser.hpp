#pragma once

#include "http/chunk_reader.hpp"
#include "http/head.hpp"
#include "http/input.hpp"

namespace bulkhead::http {

/// Reads the requests of one connection out of its input, one after the other, strictly: whatever
/// is in doubt is refused, and after a refusal nothing more can be read. No copy is made of a head,
/// nor of a body that arrived with it.
///
/// In turn: read_head() until complete, limit_body(), read_body() until complete if there is one,
/// next(). Between read_head() and next() the input does not move.
class Parser {
public:
    Parser(const Options& options, Input& input);

    /// When refused, error() says why; head() then holds what had been read before the fault.
    Parsed read_head();
    const Head& head() const { return head_; }

    /// A longer body is refused: at once by its Content-Length, else while it is read.
    Parsed limit_body(std::size_t bytes);
    Parsed read_body();
    std::string_view body() const { return body_; }
    std::size_t body_bytes() const { return body_.size(); }

    const Error& error() const { return error_; }

    /// Drops the request from the input and makes ready for the next.
    void next();

    /// Of memory, for a body that came in pieces.
    std::size_t held_bytes() const { return copied_.capacity(); }
    /// Gives that back, between requests.
    void release() { copied_ = {}; }

private:
    Parsed parse_head(std::string_view text);
    Parsed read_counted(std::string_view unread);
    Parsed read_chunks(std::string_view unread);
    Parsed want_more_head(std::string_view text);
    Parsed refuse(Error error);
    bool holds_head_end(std::string_view text) const;
    std::size_t head_limit() const { return static_cast<std::size_t>(options_.header_bytes); }
    std::size_t room_for_body() const;

    const Options& options_;
    Input& input_;
    Head head_;
    std::string_view body_;    ///< in the input, or in copied_
    std::string copied_;       ///< a body that came in pieces
    ChunkReader chunks_;       ///< fills copied_
    std::size_t scanned_ = 0;  ///< no head ends before this byte of unread()
    Error error_{ErrorKind::malformed, {}, {}};
    bool skipped_empty_line_ = false;
};

}  // namespace bulkhead::http
