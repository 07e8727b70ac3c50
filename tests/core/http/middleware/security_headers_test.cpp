#include "http/middleware/security_headers.hpp"

#include "core/http/sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

/// A reply on its way out, as the connection would write its lines.
Exchange leave(const SecurityHeaderOptions& options, bool secure = false,
               std::string_view content_type = "application/json",
               std::vector<std::pair<std::string, std::string>> headers = {}) {
    Blueprint blueprint;
    blueprint.features.security_headers = options;
    SecurityHeaders layer(blueprint);
    Exchange exchange;
    exchange.secure = secure;
    exchange.request.path = "/api/v1/notes";
    exchange.reply.content_type = content_type;
    exchange.reply.headers = std::move(headers);
    layer.leave(exchange);
    return exchange;
}

bool says(const Exchange& exchange, std::string_view line) {
    return ("\r\n" + exchange.header_lines).find("\r\n" + std::string(line)) != std::string::npos;
}

}  // namespace

TEST_CASE("browsers are told to come by HTTPS only where they came by HTTPS") {
    SecurityHeaderOptions options;

    CHECK(says(leave(options, true), "Strict-Transport-Security: max-age=31536000\r\n"));
    CHECK_FALSE(says(leave(options, false), "Strict-Transport-Security"));

    options.hsts_subdomains = true;
    CHECK(says(leave(options, true),
               "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"));

    options.hsts_seconds = 0;
    CHECK_FALSE(says(leave(options, true), "Strict-Transport-Security"));
}

TEST_CASE("pages have a policy of their own") {
    const auto [type, policy] =
        GENERATE(table<std::string_view, std::string>({{"application/json", "data"},
                                                       {"text/html", "page"},
                                                       {"text/html; charset=utf-8", "page"},
                                                       {"text/plain", "data"}}));
    SecurityHeaderOptions options;
    options.content_policy = "data";
    options.page_policy = "page";

    const auto exchange = leave(options, false, type);

    CHECK(says(exchange, "Content-Security-Policy: " + policy + "\r\n"));
}

TEST_CASE("an empty text leaves its header out") {
    SecurityHeaderOptions options;
    options.frame = options.referrer = options.content_policy = "";

    const auto exchange = leave(options);

    CHECK(exchange.header_lines ==
          "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n");
}

TEST_CASE("a header that the handler has set is not said twice, in whatever letters") {
    const SecurityHeaderOptions options;

    const auto exchange =
        leave(options, true, "application/json",
              {{"cache-control", "max-age=60"}, {"X-FRAME-OPTIONS", "SAMEORIGIN"}, {"Link", "x"}});

    CHECK(exchange.header_lines ==
          "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
          "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
          "Strict-Transport-Security: max-age=31536000\r\n");
}

TEST_CASE("a value that browsers would not understand, or no header may have, is refused") {
    const auto [key, options] = GENERATE(table<std::string, SecurityHeaderOptions>(
        {{"frame", {.frame = "deny"}},
         {"frame", {.frame = "ALLOW-FROM https://a.example"}},
         {"referrer", {.referrer = "none"}},
         {"content_policy", {.content_policy = "default-src 'none'\r\nX-Injected: 1"}},
         {"page_policy", {.page_policy = "default-src 'none'\n"}},
         {"page_policy", {.page_policy = "default-src \xC3\xBC"}}}));

    const auto wrong = wrong_key(options);

    REQUIRE(wrong);
    CHECK(wrong->key == "security_headers." + key);
    CHECK(wrong->sentence.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("what is shipped, and every header left out, can be served") {
    CHECK_FALSE(wrong_key(SecurityHeaderOptions{}));
    CHECK_FALSE(wrong_key(
        SecurityHeaderOptions{0, false, "SAMEORIGIN", "strict-origin-when-cross-origin", "", ""}));
}
