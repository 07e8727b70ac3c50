#include "http/middleware/compress.hpp"

#include "core/http/sample_application.hpp"
#include "http/middleware/compress_codec.hpp"
#include "unpacked.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

std::string prose(std::size_t bytes) {
    std::string text;
    for (int line = 0; text.size() < bytes; ++line)
        text += "a ship's bulkheads, line " + std::to_string(line) + "; ";
    text.resize(bytes);
    return text;
}

/// No coding makes these shorter.
std::string noise(std::size_t bytes) {
    std::string text;
    for (std::uint32_t state = 1; text.size() < bytes; state = state * 1664525 + 1013904223)
        text += static_cast<char>(state >> 24);
    return text;
}

/// Answers everything with one reply.
struct Printer {
    Reply reply;
};

Result<Raw> print(Printer& printer) {
    Raw raw;
    raw.reply = printer.reply;
    return raw;
}

struct Press {
    Printer printer{{200, "application/json", {}, prose(2'000)}};
    Blueprint blueprint;
    CompressionOptions& compression = blueprint.features.compression;

    Press() {
        Routes<Printer> on(printer);
        on.get("/text", print).open();
        on.get("/text/{name}", named).open();
        on.get("/secret", print).open().uncompressed();
        blueprint.routes = on.take();
        blueprint.middleware = {"request_id", "recover", "compress"};
        blueprint.workers = 2;
    }

    static Result<Raw> named(Printer& printer, Path<"name", std::string>) { return print(printer); }

    Reply get(std::string_view accepted = "gzip, br", std::string_view path = "/api/v1/text",
              std::string_view method = "GET") const {
        Application application(blueprint);
        return test::ask(application, method, path, {{"Accept-Encoding", accepted}});
    }
};

std::string coding_of(const Reply& reply) {
    return header_of(reply, "Content-Encoding");
}

}  // namespace

TEST_CASE("a body goes out in the coding that the client likes, and is the same body") {
    const auto [accepted, coding] = GENERATE(table<std::string, std::string>(
        {{"gzip", "gzip"}, {"br", "br"}, {"gzip, br", "br"}, {"br;q=0.1, gzip", "gzip"}}));
    const std::size_t bytes = GENERATE(1'024, 70'000, 3'000'000);
    Press press;
    press.printer.reply.body = prose(bytes);

    const auto reply = press.get(accepted);

    CHECK(coding_of(reply) == coding);
    CHECK(header_of(reply, "Vary") == "Accept-Encoding");
    CHECK(reply.body.size() < bytes / 2);
    CHECK(unpacked(coding, reply.body) == press.printer.reply.body);
}

TEST_CASE("at every level the same body comes back") {
    const auto [coding, levels] = GENERATE(
        table<Coding, std::pair<int, int>>({{Coding::gzip, {1, 9}}, {Coding::br, {0, 11}}}));
    const auto text = prose(20'000);
    CompressionOptions options;

    for (int level = levels.first; level <= levels.second; ++level) {
        options.gzip_level = options.br_level = level;
        const auto body = compressed(coding, text, text.size(), options);
        REQUIRE(body);
        CHECK(unpacked(coding == Coding::gzip ? "gzip" : "br", *body) == text);
    }
}

TEST_CASE("one thread compresses one text after the other, many threads at once") {
    const CompressionOptions options;
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;

    for (std::size_t thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (std::size_t turn = 0; turn < 20; ++turn) {
                const auto text = prose(1'000 + thread * 100 + turn * 7);
                const auto body = compressed(Coding::gzip, text, text.size(), options);
                right += body && unpacked("gzip", *body) == text ? 1 : 0;
            }
        });
    for (auto& thread : threads)
        thread.join();

    CHECK(right == 80);
}

TEST_CASE("a text that does not fit into the bytes given is not compressed, the next one is") {
    const CompressionOptions options;
    const auto coding = GENERATE(Coding::gzip, Coding::br);
    const auto text = prose(5'000);

    CHECK_FALSE(compressed(coding, noise(5'000), 4'999, options));
    CHECK_FALSE(compressed(coding, text, 10, options));
    CHECK_FALSE(compressed(coding, text, 0, options));
    CHECK_FALSE(compressed(coding, "", 100, options));
    CHECK(compressed(coding, text, text.size(), options));
}

TEST_CASE("what a client does not ask for it does not get, but caches are told that others may") {
    const std::string accepted = GENERATE("", "identity", "deflate", "gzip;q=0", "identity;q=0");
    Press press;

    const auto reply = press.get(accepted);

    CHECK(reply.status == 200);
    CHECK(coding_of(reply).empty());
    CHECK(reply.body == press.printer.reply.body);
    CHECK(header_of(reply, "Vary") == "Accept-Encoding");
}

TEST_CASE("only the types that are configured are compressed, whatever their parameters") {
    const auto [type, packed] =
        GENERATE(table<std::string_view, bool>({{"application/json", true},
                                                {"application/json; charset=utf-8", true},
                                                {"Application/JSON ;charset=utf-8", true},
                                                {"application/problem+json", true},
                                                {"text/html", true},
                                                {"text/plain; version=0.0.4", true},
                                                {"image/png", false},
                                                {"application/octet-stream", false},
                                                {"text/htmlx", false},
                                                {"text", false},
                                                {"", false}}));
    Press press;
    press.printer.reply.content_type = type;

    const auto reply = press.get();

    CHECK((coding_of(reply) == "br") == packed);
    CHECK((header_of(reply, "Vary") == "Accept-Encoding") == packed);
}

TEST_CASE("without JSON among the types, nothing that ends in it is one") {
    Press press;
    press.compression.types = {"text/plain"};
    press.printer.reply.content_type = "application/problem+json";

    CHECK(coding_of(press.get()).empty());
}

TEST_CASE("what is short goes out as it is") {
    const auto [bytes, packed] =
        GENERATE(table<std::size_t, bool>({{0, false}, {999, false}, {1'000, true}}));
    Press press;
    press.compression.min_bytes = 1'000;
    press.printer.reply.body = prose(bytes);

    const auto reply = press.get();

    CHECK((coding_of(reply) == "br") == packed);
    CHECK((header_of(reply, "Vary") == "Accept-Encoding") == packed);
}

TEST_CASE("what gets no shorter goes out as it is") {
    const std::string accepted = GENERATE("gzip", "br");
    Press press;
    press.compression.min_bytes = 1;
    press.printer.reply.body = GENERATE(std::string("{}"), noise(4'000));

    const auto reply = press.get(accepted);

    CHECK(coding_of(reply).empty());
    CHECK(reply.body == press.printer.reply.body);
}

TEST_CASE("what its handler has settled stays as it is") {
    const auto [name, value, packed] = GENERATE(
        table<std::string, std::string, bool>({{"Content-Encoding", "gzip", false},
                                               {"content-encoding", "identity", false},
                                               {"Cache-Control", "no-transform", false},
                                               {"Cache-Control", "max-age=60, No-Transform", false},
                                               {"Cache-Control", "max-age=60", true},
                                               {"X-Cache-Control", "no-transform", true}}));
    Press press;
    press.printer.reply.headers.emplace_back(name, value);

    const auto reply = press.get();

    CHECK((reply.body != press.printer.reply.body) == packed);
    CHECK(header_of(reply, "Vary") == (packed ? "Accept-Encoding" : ""));
}

TEST_CASE("only replies with a body of their own are compressed") {
    const auto [status, packed, varies] = GENERATE(table<int, bool, bool>({{200, true, true},
                                                                           {201, true, true},
                                                                           {404, true, true},
                                                                           {500, true, true},
                                                                           {204, false, false},
                                                                           {206, false, true},
                                                                           {304, false, true}}));
    Press press;
    press.printer.reply.status = status;

    const auto reply = press.get();

    CHECK((coding_of(reply) == "br") == packed);
    CHECK((header_of(reply, "Vary") == "Accept-Encoding") == varies);
}

TEST_CASE("an unchanged page depends on the encoding as the page does, body or none") {
    Press press;
    press.printer.reply = {304, "application/json", {{"ETag", "\"1\""}}, ""};

    const auto reply = press.get();

    CHECK(header_of(reply, "Vary") == "Accept-Encoding");
    CHECK(header_of(reply, "ETag") == "\"1\"");
}

TEST_CASE("who asks by the weak tag of a compressed reply is answered with it") {
    const auto [asked, told] =
        GENERATE(table<std::string, std::string>({{"W/\"1\"", "W/\"1\""},
                                                  {"\"0\", W/\"1\"", "W/\"1\""},
                                                  {"\"1\"", "\"1\""},
                                                  {"W/\"11\"", "\"1\""}}));
    Press press;
    press.printer.reply = {304, "application/json", {{"ETag", "\"1\""}}, ""};
    Application application(press.blueprint);

    const auto reply = test::ask(application, "GET", "/api/v1/text", {{"If-None-Match", asked}});

    CHECK(header_of(reply, "ETag") == told);
}

TEST_CASE("HEAD says what GET would say") {
    Press press;

    const auto head = press.get("gzip", "/api/v1/text", "HEAD");
    const auto get = press.get("gzip", "/api/v1/text", "GET");

    CHECK(coding_of(head) == "gzip");
    CHECK(head.body.size() == get.body.size());
}

TEST_CASE("a compressed reply is equal in meaning alone, and has no ranges") {
    const auto [given, sent] = GENERATE(
        table<std::string, std::string>({{"\"1\"", "W/\"1\""}, {"W/\"1\"", "W/\"1\""}, {"", ""}}));
    Press press;
    press.printer.reply.headers = {{"ETag", given}, {"Accept-Ranges", "bytes"}, {"Link", "x"}};

    const auto packed = press.get("gzip");
    const auto plain = press.get("");

    CHECK(header_of(packed, "ETag") == sent);
    CHECK(header_of(packed, "Accept-Ranges").empty());
    CHECK(header_of(packed, "Link") == "x");
    CHECK(header_of(plain, "ETag") == given);
    CHECK(header_of(plain, "Accept-Ranges") == "bytes");
}

TEST_CASE("a route that is uncompressed and a path that is excepted stay as they are") {
    const auto [except, path, packed] = GENERATE(table<std::vector<std::string>, std::string, bool>(
        {{{}, "/api/v1/secret", false},
         {{}, "/api/v1/text", true},
         {{"/api/v1/text"}, "/api/v1/text", false},
         {{"/api/v1/text"}, "/api/v1/text/one", false},
         {{"/x", "/api/v1/text/"}, "/api/v1/text/one", false},
         {{"/api/v1/text/"}, "/api/v1/text", true},
         {{"/api/v1/te"}, "/api/v1/text", true},
         {{"/api/v1/text/one"}, "/api/v1/text", true},
         {{"/"}, "/api/v1/text", false}}));
    Press press;
    press.compression.except = except;

    const auto reply = press.get("gzip", path);

    CHECK(reply.status == 200);
    CHECK((coding_of(reply) == "gzip") == packed);
    CHECK((header_of(reply, "Vary") == "Accept-Encoding") == packed);
}

TEST_CASE("without encodings nothing is compressed, and nothing said of it") {
    Press press;
    press.compression.encodings.clear();

    const auto reply = press.get();

    CHECK(coding_of(reply).empty());
    CHECK(header_of(reply, "Vary").empty());
}

TEST_CASE("the encodings stand in the order in which they are preferred") {
    Press press;
    press.compression.encodings = {"gzip", "br"};

    CHECK(coding_of(press.get("br, gzip")) == "gzip");
    CHECK(coding_of(press.get("br")) == "br");
}

TEST_CASE("encodings, types and paths that mean nothing are refused") {
    const auto [options, sentence] = GENERATE(table<CompressionOptions, std::string>(
        {{{.encodings = {"zstd"}}, "'compression.encodings' must list br and gzip; found 'zstd'"},
         {{.encodings = {"br", "br"}}, "must list each encoding once; found 'br'"},
         {{.types = {"text/*"}}, "'compression.types' must list types such as \"text/html\""},
         {{.types = {"text/html; charset=utf-8"}}, "without parameters"},
         {{.types = {"html"}}, "found 'html'"},
         {{.types = {""}}, "found ''"},
         {{.except = {"api/v1"}}, "'compression.except' must list paths"}}));

    const auto wrong = wrong_key(options);

    REQUIRE(wrong);
    CHECK_THAT(wrong->sentence, Catch::Contains(sentence));
}
