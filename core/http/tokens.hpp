#pragma once
// Beast's tokenizer, and what it lets through but this server does not. Private to the parser.

#include "http/framing.hpp"
#include "http/parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <optional>

namespace bulkhead::http {

/// One request. The head must be given whole or from its first byte again; the chunks of a body go
/// on where the last put() ended.
class Parser::Tokens : public boost::beast::http::basic_parser<true> {
public:
    Tokens(const Options& options, Head& head, std::string& body);

    /// To be called between the head and the body.
    void limit_body(std::size_t bytes);

    /// Reads from the front of `text`. Returns how many bytes are done with; `refusal` says why it
    /// cannot go on.
    std::size_t read(std::string_view text);

    bool wants_more = false;  ///< set by read(): `text` ended too early
    std::optional<Error> refusal;

private:
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    void on_request_impl(verb, string_view method, string_view target, int version,
                         error_code& ec) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field, string_view name, string_view value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override;
    void on_finish_impl(error_code&) override {}

    Result<> add_field(std::string_view name, std::string_view value);
    void refuse(Error error, error_code& ec);

    const Options* options_;
    Head* head_;
    std::string* body_;
    Framing framing_;
    std::string_view text_;  ///< what read() was given
    std::size_t body_limit_ = 0;
    std::size_t extension_bytes_ = 0;
};

}  // namespace bulkhead::http
