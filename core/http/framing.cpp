#include "http/framing.hpp"

#include "http/target.hpp"
#include "http/token.hpp"

#include <charconv>

namespace bulkhead::http {

Result<> Framing::add(std::string_view name, std::string_view value) {
    switch (name.size()) {  // Most headers are none of these: their length says so at once.
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
    if (has_content_length_)
        return Error::malformed("http.bad_content_length",
                                "The request has more than one Content-Length header.");
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), content_length_);
    if (error != std::errc{} || end != value.data() + value.size())
        return Error::malformed("http.bad_content_length",
                                "Content-Length must be one decimal number of bytes.");
    has_content_length_ = true;
    return Done{};
}

Result<> Framing::add_transfer_encoding(std::string_view value) {
    if (chunked_)
        return Error::malformed("http.bad_transfer_encoding",
                                "The request has more than one Transfer-Encoding header.");
    if (same_ignoring_case(value, "chunked")) {
        chunked_ = true;
        return Done{};
    }
    std::string_view last;
    for_each_element(value, [&](std::string_view coding) { last = coding; });
    if (!same_ignoring_case(last, "chunked"))
        return Error::malformed("http.bad_transfer_encoding",
                                "Transfer-Encoding does not end in \"chunked\", so nothing says "
                                "where the body ends.");
    return Error(ErrorKind::not_implemented, "http.unsupported_transfer_encoding",
                 "The only transfer coding accepted is \"chunked\", alone.");
}

Result<> Framing::add_connection(std::string_view value) {
    for_each_element(value, [&](std::string_view option) {
        close_ |= same_ignoring_case(option, "close");
        keep_alive_ |= same_ignoring_case(option, "keep-alive");
    });
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
    if (chunked_ && has_content_length_)
        return Error::malformed("http.bad_content_length",
                                "The request has both Content-Length and Transfer-Encoding; "
                                "expected one of them.");
    if (chunked_ && http_1_0)
        return Error::malformed("http.bad_transfer_encoding",
                                "HTTP/1.0 knows no Transfer-Encoding; use Content-Length.");
    if (!has_host_ && !http_1_0)
        return Error::malformed("http.bad_host", "The request has no Host header.");
    keeps_alive_ = !close_ && (keep_alive_ || !http_1_0);
    expects_continue_ &= !http_1_0;  // RFC 9110, 10.1.1: HTTP/1.0 cannot mean it.
    return Done{};
}

}  // namespace bulkhead::http
