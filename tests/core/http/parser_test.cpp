#include "http/parser.hpp"

#include "http/problem.hpp"

#include <catch2/catch.hpp>

#include <cstring>

namespace bulkhead::http {

namespace {

constexpr int accepted = 200;
constexpr int unfinished = 0;
constexpr std::size_t body_limit = 32;

Options small_limits() {
    Options options;
    options.header_bytes = 1'024;
    options.header_count = 8;
    return options;
}

/// A parser and its input, as a connection holds them.
struct Reader {
    Options options = small_limits();
    Input input;
    Parser parser{options, input};
    bool in_body = false;

    void receive(std::string_view bytes) {
        input.make_room(in_body ? 0 : bytes.size());
        REQUIRE(input.room().size() >= bytes.size());
        std::memcpy(input.room().data(), bytes.data(), bytes.size());
        input.filled(bytes.size());
    }

    int status_of(Parsed parsed) const {
        if (parsed == Parsed::need_more)
            return unfinished;
        return parsed == Parsed::complete ? accepted : http::status_of(parser.error().kind);
    }

    int read() {
        if (!in_body) {
            const auto parsed = parser.read_head();
            if (parsed != Parsed::complete || !parser.head().has_body())
                return status_of(parsed);
            if (parser.limit_body(body_limit) == Parsed::refused)
                return status_of(Parsed::refused);
            in_body = true;
        }
        return status_of(parser.read_body());
    }

    int read(std::string_view bytes) {
        receive(bytes);
        return read();
    }
};

std::string get(std::string_view more_headers) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(more_headers) + "\r\n";
}

std::string post(std::string_view more_headers, std::string_view body) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(more_headers) + "\r\n" +
           std::string(body);
}

std::string chunked(std::string_view body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

struct Rule {
    const char* clause;  ///< of RFC 9112, where no other is named
    std::string input;
    int status;
    const char* code = "";
};

using namespace std::string_literals;

const Rule request_lines[]{
    {"3", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"2.2 an empty line before it", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"2.2 two empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400,
     "http.bad_request_line"},
    {"2.2 bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400, "http.bad_request_line"},
    {"2.2 bare CR", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"3 two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3 space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"3 trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"3 leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"3 HTTP/0.9", "GET /\r\n\r\n", 400, "http.bad_target"},
    {"3 no TLS here", "\x16\x03\x01\x02", 400, "http.bad_request_line"},
    {"3.1 a method nobody knows", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501,
     "http.not_implemented"},
    {"3.1 methods have a case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.not_implemented"},
    {"3.1 CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.not_implemented"},
    {"3.1 no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"2.3 HTTP/2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "http.version_unsupported"},
    {"2.3 HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version_unsupported"},
    {"2.3 HTTP/0.9, said", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "http.version_unsupported"},
    {"2.3 no version", "GET / HTTP/11.1\r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"2.3 case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_request_line"},
    {"2.3 HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", accepted},
    {"3 too long", "GET /" + std::string(2'000, 'a'), 414, "http.uri_too_long"},
    {"3 too long, ended", "GET /" + std::string(2'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414,
     "http.uri_too_long"},
};

const Rule targets[]{
    {"3.2.1", "GET /a%20b/c?d=e&f HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"3.2.1 what browsers send", "GET /a?b[]=c|d{e} HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"3.2.2 absolute", "GET http://b/c?d HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"3.2.2 no host", "GET http:///c HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2.2 user", "GET http://u@b/c HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2.2 other scheme", "GET ftp://b/c HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2.3 authority", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2.4 asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"3.2.4 only OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2 relative", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2 fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2 NUL", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s, 400, "http.bad_target"},
    {"3.2 raw UTF-8", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
    {"3.2 quote", "GET /\"a\" HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.bad_target"},
};

const Rule headers[]{
    {"5", get("X: 1\r\nY:2\r\nZ:\t3 \r\nEmpty:\r\n"), accepted},
    {"5.1 space before the colon", get("X : 1\r\n"), 400, "http.bad_header"},
    {"5.1 no name", get(": 1\r\n"), 400, "http.bad_header"},
    {"5.1 no colon", get("X\r\n"), 400, "http.bad_header"},
    {"5.1 name is no token", get("X@: 1\r\n"), 400, "http.bad_header"},
    {"5.2 folded", get("X: 1\r\n 2\r\n"), 400, "http.bad_header"},
    {"5.2 folded, first line empty", get("X:\r\n 2\r\n"), 400, "http.bad_header"},
    {"5.2 folded, all lines empty", get("X:\r\n \r\n"), 400, "http.bad_header"},
    {"5.2 the first one indented", "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n", 400,
     "http.bad_header"},
    {"2.2 bare LF", get("X: 1\nY: 2\r\n"), 400, "http.bad_header"},
    {"2.2 bare CR", get("X: 1\rY: 2\r\n"), 400, "http.bad_header"},
    {"RFC 9110, 5.5 NUL", get("X: a\0b\r\n"s), 400, "http.bad_header"},
    {"RFC 9110, 5.5 control character", get("X: a\x01\r\n"), 400, "http.bad_header"},
    {"RFC 9110, 5.5 obsolete text", get("X: \xe4\r\n"), accepted},
    {"3.2 no Host", "GET / HTTP/1.1\r\n\r\n", 400, "http.bad_host"},
    {"3.2 two", get("Host: a\r\n"), 400, "http.bad_host"},
    {"3.2 two on 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, "http.bad_host"},
    {"3.2 empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "http.bad_host"},
    {"3.2 a list", "GET / HTTP/1.1\r\nHost: a, b c\r\n\r\n", 400, "http.bad_host"},
    {"3.2 a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.bad_host"},
    {"3.2 port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", accepted},
    {"3.2 no port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "http.bad_host"},
    {"3.2 IPv6", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", accepted},
    {"3.2 no IPv6", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "http.bad_host"},
    {"RFC 9110, 10.1.1", post("Expect: 100-continue\r\nContent-Length: 1\r\n", "a"), accepted},
    {"RFC 9110, 10.1.1 another", get("Expect: tea\r\n"), 417, "http.expectation_failed"},
    {"too many", get("A:1\r\nB:1\r\nC:1\r\nD:1\r\nE:1\r\nF:1\r\nG:1\r\nI:1\r\n"), 431,
     "http.too_many_headers"},
    {"too large", get("X: " + std::string(2'000, 'a') + "\r\n"), 431, "http.headers_too_large"},
    {"too large, no end yet", "GET / HTTP/1.1\r\nX: " + std::string(2'000, 'a'), 431,
     "http.headers_too_large"},
};

const Rule bodies[]{
    {"6.2", post("Content-Length: 3\r\n", "abc"), accepted},
    {"6.2 not all here", post("Content-Length: 3\r\n", "ab"), unfinished},
    {"6.2 twice", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400,
     "http.bad_content_length"},
    {"6.2 two values", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400,
     "http.bad_content_length"},
    {"6.2 a list", post("Content-Length: 3, 3\r\n", "abc"), 400, "http.bad_content_length"},
    {"6.2 signed", post("Content-Length: +3\r\n", "abc"), 400, "http.bad_content_length"},
    {"6.2 negative", post("Content-Length: -3\r\n", "abc"), 400, "http.bad_content_length"},
    {"6.2 hexadecimal", post("Content-Length: 0x3\r\n", "abc"), 400, "http.bad_content_length"},
    {"6.2 empty", post("Content-Length:\r\n", "abc"), 400, "http.bad_content_length"},
    {"6.2 over 2^64", post("Content-Length: 99999999999999999999\r\n", ""), 400,
     "http.bad_content_length"},
    {"6.2 over the limit", post("Content-Length: 33\r\n", ""), 413, "http.body_too_large"},
    {"6.2 at the limit", post("Content-Length: 32\r\n", std::string(32, 'a')), accepted},
    {"6.3 with both", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
     "http.bad_transfer_encoding"},
    {"6.3 with both, turned", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "abc"),
     400, "http.bad_content_length"},
    {"6.3 chunked is not last", post("Transfer-Encoding: chunked, gzip\r\n", ""), 400,
     "http.bad_transfer_encoding"},
    {"6.3 not chunked", post("Transfer-Encoding: gzip\r\n", ""), 400, "http.bad_transfer_encoding"},
    {"6.3 disguised", post("Transfer-Encoding: xchunked\r\n", ""), 400,
     "http.bad_transfer_encoding"},
    {"6.1 twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
     400, "http.bad_transfer_encoding"},
    {"6.1 another coding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501,
     "http.unsupported_transfer_encoding"},
    {"6.1 on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "http.bad_transfer_encoding"},
    {"6.1 case", post("transfer-encoding: Chunked\r\n", "0\r\n\r\n"), accepted},
};

const Rule chunks[]{
    {"7.1", chunked("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), accepted},
    {"7.1 not all here", chunked("3\r\nabc\r\n"), unfinished},
    {"7.1 no size", chunked("\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 no number", chunked("g\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 prefixed", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 negative", chunked("-3\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 over 2^64", chunked("FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 longer than said", chunked("2\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 bare LF", chunked("3\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1 over the limit, in one", chunked("21\r\n"), 413, "http.body_too_large"},
    {"7.1 over the limit, in two", chunked("20\r\n" + std::string(32, 'a') + "\r\n1\r\na\r\n"), 413,
     "http.body_too_large"},
    {"7.1 over the limit and 2^63", chunked("1\r\na\r\nFFFFFFFFFFFFFFFF\r\n"), 413,
     "http.body_too_large"},
    {"7.1.1 extension", chunked("3;a=b;c=\"d\"\r\nabc\r\n0;e\r\n\r\n"), accepted},
    {"7.1.1 no extension", chunked("3 a\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1.1 LF in quotes", chunked("3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"), 400, "http.bad_chunk"},
    {"7.1.1 too long", chunked("3;a=" + std::string(2'000, 'b')), 431, "http.headers_too_large"},
    {"7.1.1 too long, ended", chunked("3;a=" + std::string(2'000, 'b') + "\r\nabc\r\n"), 431,
     "http.headers_too_large"},
    {"7.1.1 too long, taken together",
     chunked("1;a=" + std::string(700, 'b') + "\r\na\r\n1;a=" + std::string(700, 'b') + "\r\n"),
     431, "http.headers_too_large"},
    {"7.1.2 trailers", chunked("1\r\na\r\n0\r\nX: 1\r\nY: 2\r\n\r\n"), accepted},
    {"7.1.2 folded trailer", chunked("0\r\nX: 1\r\n 2\r\n\r\n"), 400, "http.bad_header"},
    {"7.1.2 a length in the trailers", chunked("0\r\nContent-Length: 3\r\n\r\n"), accepted},
    {"7.1.2 too many",
     chunked("0\r\nA:1\r\nB:1\r\nC:1\r\nD:1\r\nE:1\r\nF:1\r\nG:1\r\nH:1\r\nI:1\r\n\r\n"), 431,
     "http.too_many_headers"},
    {"7.1.2 too long", chunked("0\r\nX: " + std::string(2'000, 'a')), 431,
     "http.headers_too_large"},
};

void check(std::span<const Rule> rules) {
    for (const auto& [clause, input, status, code] : rules) {
        INFO("RFC 9112, " << clause << ": " << input);
        Reader reader;

        const auto verdict = reader.read(input);

        CHECK(verdict == status);
        CHECK(reader.parser.error().code == code);
    }
}

}  // namespace

TEST_CASE("the request line is read as RFC 9112 has it, and nothing else") {
    check(request_lines);
}

TEST_CASE("a target is a path, a URL, or * for OPTIONS") {
    check(targets);
}

TEST_CASE("headers in doubt are refused") {
    check(headers);
}

TEST_CASE("a body has exactly one undisputed end") {
    check(bodies);
}

TEST_CASE("a chunked body is read to its last byte, within its limits") {
    check(chunks);
}

TEST_CASE("it makes no difference in which pieces a request arrives") {
    for (const auto& request :
         {get("X: 1\r\n"), "\r\n" + get(""), post("Content-Length: 5\r\n", "hello"),
          chunked("3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: 1\r\n\r\n")}) {
        for (std::size_t split = 1; split < request.size(); ++split) {
            INFO("split at " << split << ": " << request);
            Reader reader;

            const auto first = reader.read(std::string_view(request).substr(0, split));
            const auto second = reader.read(std::string_view(request).substr(split));

            CHECK(first == unfinished);
            CHECK(second == accepted);
        }
    }
}

TEST_CASE("byte by byte the same request comes out") {
    Reader reader;
    const auto request = chunked("3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: 1\r\n\r\n");

    int verdict = unfinished;
    for (const char byte : request)
        verdict = reader.read({&byte, 1});

    CHECK(verdict == accepted);
    CHECK(reader.parser.head().headers.size() == 2);
    CHECK(reader.parser.body() == "abcde");
}

TEST_CASE("bare line feeds are refused when the request seems to end, not when time runs out") {
    Reader reader;

    const auto first = reader.read("GET / HTTP");
    const auto second = reader.read("/1.1\nHost: a\n\n");

    CHECK(first == unfinished);
    CHECK(second == 400);
}

TEST_CASE("a request that arrived whole is not copied") {
    Reader reader;

    const auto verdict = reader.read(post("Content-Length: 3\r\n", "abc"));

    const auto input = reader.input.unread();
    REQUIRE(verdict == accepted);
    CHECK((reader.parser.head().path.data() == input.data() + 5));
    CHECK((reader.parser.body().data() == input.data() + reader.parser.head().bytes));
}

TEST_CASE("pipelined requests come out one by one, whatever their bodies are") {
    Reader reader;
    reader.receive(post("Content-Length: 3\r\n", "abc") + chunked("1\r\nd\r\n0\r\n\r\n") + get(""));
    std::vector<std::string> bodies;

    for (int i = 0; i < 3; ++i) {
        reader.in_body = false;
        REQUIRE(reader.read() == accepted);
        bodies.emplace_back(reader.parser.body());
        reader.parser.next();
    }

    CHECK(bodies == std::vector<std::string>{"abc", "d", ""});
    CHECK(reader.input.unread().empty());
}

TEST_CASE("a head stays where it is while a long body comes in") {
    Options options;
    Input input;
    Parser parser(options, input);
    const std::string head = post("Content-Length: 200000\r\n", "");
    const std::string body(200'000, 'b');
    std::memcpy(input.room().data(), head.data(), head.size());
    input.filled(head.size());
    REQUIRE(parser.read_head() == Parsed::complete);
    const auto* const path = parser.head().path.data();
    REQUIRE(parser.limit_body(body.size()) == Parsed::complete);

    std::size_t sent = 0;
    auto parsed = Parsed::need_more;
    while (parsed == Parsed::need_more) {
        const auto room = input.room().first(std::min(input.room().size(), body.size() - sent));
        REQUIRE(!room.empty());
        std::memcpy(room.data(), body.data() + sent, room.size());
        input.filled(room.size());
        sent += room.size();
        parsed = parser.read_body();
    }

    CHECK(parsed == Parsed::complete);
    CHECK(parser.body() == body);
    CHECK((parser.head().path.data() == path));
}

TEST_CASE("a request says whether its connection lives on") {
    const auto [request, expected] = GENERATE(table<std::string, bool>({
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
    }));
    Reader reader;

    REQUIRE(reader.read(request) == accepted);

    CHECK(reader.parser.head().keeps_alive == expected);
}

TEST_CASE("an absolute target gives its path and query") {
    const auto [target, path, query] = GENERATE(table<std::string, std::string, std::string>({
        {"GET http://a/b/c?d=e", "/b/c", "d=e"},
        {"GET HTTPS://a:443", "/", ""},
        {"GET http://a?d", "/", "d"},
        {"OPTIONS http://a", "*", ""},
        {"OPTIONS http://a/", "/", ""},
        {"GET /b?d?e", "/b", "d?e"},
    }));
    Reader reader;

    REQUIRE(reader.read(target + " HTTP/1.1\r\nHost: a\r\n\r\n") == accepted);

    CHECK(reader.parser.head().path == path);
    CHECK(reader.parser.head().query == query);
}

}  // namespace bulkhead::http
