#include "http/framing.hpp"

#include "http/target.hpp"
#include "http/token.hpp"

#include <charconv>

namespace bulkhead::http {

namespace {

Error bad_content_length() {
    return Error::malformed("http.bad_content_length",
                            "Content-Length must be one decimal number of bytes, given once, "
                            "without a Transfer-Encoding beside it.");
}

Error bad_transfer_encoding(std::string message) {
    return Error::malformed("http.bad_transfer_encoding", std::move(message));
}

}  // namespace

Result<> Framing::judge(std::string_view name, std::string_view value) {
    switch (name.size()) {
        case 4:
            return same_ignoring_case(name, "Host") ? add_host(value) : Done{};
        case 6:
            return same_ignoring_case(name, "Expect") ? add_expect(value) : Done{};
        case 10:
            return same_ignoring_case(name, "Connection") ? add_connection(value) : Done{};
        case 14:
            return same_ignoring_case(name, "Content-Length") ? add_content_length(value) : Done{};
        case 17:
            return same_ignoring_case(name, "Transfer-Encoding") ? add_transfer_encoding(value)
                                                                 : Done{};
        default:
            return Done{};
    }
}

Result<> Framing::add_host(std::string_view value) {
    if (has_host_)
        return Error::malformed("http.bad_host", "The request has more than one Host header.");
    if (!is_host(value))
        return Error::malformed("http.bad_host",
                                "The Host header is empty or malformed; expected host[:port].");
    has_host_ = true;
    return Done{};
}

Result<> Framing::add_content_length(std::string_view value) {
    if (has_content_length_ || chunked_)
        return bad_content_length();
    const char* const end = value.data() + value.size();
    const auto [stop, error] =
        std::from_chars(value.data(), value.data() + value.size(), content_length_);
    if (error != std::errc{} || stop != end)
        return bad_content_length();
    has_content_length_ = true;
    return Done{};
}

Result<> Framing::add_transfer_encoding(std::string_view value) {
    if (chunked_ || has_content_length_)
        return bad_transfer_encoding(
            "Transfer-Encoding must be \"chunked\", once, without a Content-Length beside it.");
    if (same_ignoring_case(value, "chunked")) {
        chunked_ = true;
        return Done{};
    }
    std::string_view last;
    std::size_t chunked_codings = 0;
    for_each_element(value, [&](std::string_view coding) {
        last = coding;
        chunked_codings += same_ignoring_case(coding, "chunked") ? 1 : 0;
    });
    if (!same_ignoring_case(last, "chunked"))
        return bad_transfer_encoding(
            "Transfer-Encoding does not end in \"chunked\", so nothing says where the body ends.");
    if (chunked_codings > 1)
        return bad_transfer_encoding("Transfer-Encoding has \"chunked\" more than once.");
    return Error(ErrorKind::not_implemented, "http.unsupported_transfer_encoding",
                 "The only transfer coding accepted is \"chunked\", alone.");
}

Result<> Framing::add_connection(std::string_view value) {
    bool are_tokens = true;
    for_each_element(value, [&](std::string_view option) {
        const bool closes = same_ignoring_case(option, "close");
        const bool keeps = same_ignoring_case(option, "keep-alive");
        close_ |= closes;
        keep_alive_ |= keeps;
        are_tokens &= closes || keeps || is_token(option);
    });
    if (!are_tokens)
        return Error::malformed("http.bad_header",
                                "The Connection header is malformed; expected tokens parted by "
                                "commas.");
    return Done{};
}

Result<> Framing::add_expect(std::string_view value) {
    if (!same_ignoring_case(value, "100-continue"))
        return Error(ErrorKind::expectation_failed, "http.expectation_failed",
                     "The only expectation this server meets is \"100-continue\".");
    expects_continue_ = true;
    return Done{};
}

Result<> Framing::finish(bool http_1_0) {
    if (chunked_ && http_1_0)
        return bad_transfer_encoding("HTTP/1.0 knows no Transfer-Encoding; use Content-Length.");
    if (!has_host_ && !http_1_0)
        return Error::malformed("http.bad_host", "The request has no Host header.");
    keeps_alive_ = !close_ && (keep_alive_ || !http_1_0);
    expects_continue_ &= !http_1_0;  // RFC 9110, 10.1.1: HTTP/1.0 cannot mean it.
    return Done{};
}

}  // namespace bulkhead::http
