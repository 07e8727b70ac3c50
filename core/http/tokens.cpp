#include "http/tokens.hpp"

#include "http/target.hpp"
#include "http/token.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>

namespace bulkhead::http {

namespace {

using beast_error = boost::beast::http::error;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

constexpr bool is_control(char letter) {
    return (static_cast<unsigned char>(letter) < ' ' && letter != '\t') || letter == '\x7f';
}

bool is_known(std::string_view method) {
    for (const std::string_view known :
         {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
        if (method == known)
            return true;
    return false;
}

// What stands behind the second space of the request line.
std::string_view version_text(std::string_view text) {
    text = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
    text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
    return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

bool is_http_version(std::string_view text) {
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
           is_digit(text[7]);
}

Error bad_version(std::string_view text) {
    const auto version = version_text(text);
    if (is_http_version(version) && version != "HTTP/1.1" && version != "HTTP/1.0")
        return {ErrorKind::version_unsupported, "http.version_unsupported",
                std::string(version) + " is not served here; expected HTTP/1.1 or HTTP/1.0."};
    return Error::malformed("http.bad_request_line",
                            "The request line must be METHOD, target and HTTP/1.1, each parted by "
                            "one space and ended by CR LF.");
}

Error bad_method(std::string_view text) {
    if (text.starts_with('\x16'))  // The first byte of a TLS handshake.
        return Error::malformed("http.bad_request_line",
                                "This looks like TLS; this port speaks HTTP without it.");
    return Error::malformed("http.bad_request_line",
                            "The request does not begin with a method and one space.");
}

Error error_for(beast_error error, std::string_view text) {
    switch (error) {
        case beast_error::bad_method:
            return bad_method(text);
        case beast_error::bad_version:
            return bad_version(text);
        case beast_error::bad_target:
            return Error::malformed("http.bad_target",
                                    "The request target is empty, has a control character, or is "
                                    "not followed by one space and HTTP/1.1.");
        case beast_error::bad_content_length:
        case beast_error::multiple_content_length:
            return Error::malformed("http.bad_content_length",
                                    "Content-Length must be one decimal number of bytes, without "
                                    "a Transfer-Encoding beside it.");
        case beast_error::bad_transfer_encoding:
            return Error::malformed("http.bad_transfer_encoding",
                                    "Transfer-Encoding must be \"chunked\", once, without a "
                                    "Content-Length beside it.");
        case beast_error::bad_chunk:
        case beast_error::bad_chunk_extension:
            return Error::malformed("http.bad_chunk", "A chunk of the body is malformed.");
        default:
            return Error::malformed("http.bad_header",
                                    "A header line is malformed; expected \"Name: value\" ended "
                                    "by CR LF, without control characters.");
    }
}

}  // namespace

Parser::Tokens::Tokens(const Options& options, Head& head, std::string& body)
    : options_(&options), head_(&head), body_(&body) {
    header_limit(std::numeric_limits<std::uint32_t>::max());  // The parser keeps the limits.
    body_limit(boost::none);
}

void Parser::Tokens::limit_body(std::size_t bytes) {
    body_limit_ = bytes;
    eager(true);  // All chunks at once; before the limit is known, none.
}

std::size_t Parser::Tokens::read(std::string_view text) {
    text_ = text;
    error_code ec;
    const auto done = put(boost::asio::const_buffer(text.data(), text.size()), ec);
    wants_more = ec == beast_error::need_more;
    if (ec && !wants_more && !refusal)
        refusal = error_for(static_cast<beast_error>(ec.value()), text);
    return done;
}

void Parser::Tokens::on_request_impl(verb, string_view method, string_view target, int version,
                                     error_code& ec) {
    head_->method = view(method);
    head_->http_1_0 = version == 10;
    if (!is_known(head_->method))
        return refuse({ErrorKind::not_implemented, "http.not_implemented",
                       "This server knows the methods GET, HEAD, POST, PUT, PATCH, DELETE and "
                       "OPTIONS."},
                      ec);
    auto parts = split_target(head_->method, view(target));
    if (!parts)
        return refuse(std::move(parts.error()), ec);
    head_->path = parts->path;
    head_->query = parts->query;
}

void Parser::Tokens::on_field_impl(field, string_view name, string_view value, error_code& ec) {
    if (auto added = add_field(view(name), view(value)); !added)
        refuse(std::move(added.error()), ec);
}

Result<> Parser::Tokens::add_field(std::string_view name, std::string_view value) {
    // Beast unfolds into memory of its own, or begins the value on a later line.
    const char* const behind_name = name.data() + name.size();
    const bool in_text = value.data() >= behind_name && value.data() <= text_.data() + text_.size();
    const auto gap = in_text ? static_cast<std::size_t>(value.data() - behind_name) : 0;
    if (!in_text || std::string_view(behind_name, gap).find('\n') != std::string_view::npos)
        return Error::malformed("http.bad_header",
                                "A header line is folded, which has been forbidden since 2014.");
    if (is_header_done())  // A trailer: nothing here needs one.
        return Done{};
    if (head_->headers.size() == static_cast<std::size_t>(options_->header_count))
        return Error(
            ErrorKind::headers_too_large, "http.too_many_headers",
            "The request has more than " + std::to_string(options_->header_count) + " headers.");
    head_->headers.push_back({name, value});
    return framing_.add(name, value);
}

void Parser::Tokens::on_header_impl(error_code& ec) {
    if (auto done = framing_.finish(head_->http_1_0); !done)
        return refuse(std::move(done.error()), ec);
    head_->content_length = framing_.content_length();
    head_->chunked = framing_.chunked();
    head_->keeps_alive = framing_.keeps_alive();
    head_->expects_continue = framing_.expects_continue();
}

void Parser::Tokens::on_chunk_header_impl(std::uint64_t size, string_view extensions,
                                          error_code& ec) {
    extension_bytes_ += extensions.size();
    if (std::ranges::any_of(view(extensions), is_control) ||
        extension_bytes_ > static_cast<std::size_t>(options_->header_bytes))
        return refuse(Error::malformed("http.bad_chunk",
                                       "A chunk extension has a control character, or they are "
                                       "longer than " +
                                           std::to_string(options_->header_bytes) + " bytes."),
                      ec);
    if (size > body_limit_ - body_->size())
        refuse({ErrorKind::too_large, "http.body_too_large",
                "The body is longer than " + std::to_string(body_limit_) + " bytes."},
               ec);
}

std::size_t Parser::Tokens::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) {
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
}

void Parser::Tokens::refuse(Error error, error_code& ec) {
    refusal = std::move(error);
    ec = beast_error::bad_value;
}

}  // namespace bulkhead::http
