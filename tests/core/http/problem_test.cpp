#include "http/problem.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulkhead;
using http::error_reply;

namespace {

std::string header_of(const Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers)
        if (key == name)
            return value;
    return {};
}

}  // namespace

TEST_CASE("each kind of error has its status, and each status its phrase") {
    const auto [kind, status, phrase] = GENERATE(table<ErrorKind, int, std::string>(
        {{ErrorKind::malformed, 400, "Bad Request"},
         {ErrorKind::unauthenticated, 401, "Unauthorized"},
         {ErrorKind::forbidden, 403, "Forbidden"},
         {ErrorKind::not_found, 404, "Not Found"},
         {ErrorKind::method_not_allowed, 405, "Method Not Allowed"},
         {ErrorKind::conflict, 409, "Conflict"},
         {ErrorKind::too_large, 413, "Content Too Large"},
         {ErrorKind::uri_too_long, 414, "URI Too Long"},
         {ErrorKind::unsupported_media, 415, "Unsupported Media Type"},
         {ErrorKind::expectation_failed, 417, "Expectation Failed"},
         {ErrorKind::invalid, 422, "Unprocessable Content"},
         {ErrorKind::too_many_requests, 429, "Too Many Requests"},
         {ErrorKind::headers_too_large, 431, "Request Header Fields Too Large"},
         {ErrorKind::internal, 500, "Internal Server Error"},
         {ErrorKind::not_implemented, 501, "Not Implemented"},
         {ErrorKind::unavailable, 503, "Service Unavailable"},
         {ErrorKind::timeout, 504, "Gateway Timeout"},
         {ErrorKind::version_unsupported, 505, "HTTP Version Not Supported"}}));

    const auto reply = error_reply(Error(kind, "test.reason", "A sentence."), "id-1");

    CHECK(reply.status == status);
    CHECK(http::status_of(kind) == status);
    CHECK(http::reason_phrase(status) == phrase);
}

TEST_CASE("a status that is never sent has no phrase") {
    const int status = GENERATE(-1, 0, 99, 299, 418, 599, 600, 1'000'000);

    CHECK(http::reason_phrase(status).empty());
}

TEST_CASE("an error is one envelope, with every field at fault in details") {
    const auto error = Error::invalid("test.invalid", "Not \"good\".")
                           .with({"items[0].quantity", "range", "must be between 1 and 999"})
                           .with({"sku", "required", "is missing"});

    const auto reply = error_reply(error, "id-1");

    CHECK(reply.content_type == "application/json");
    CHECK(
        reply.body ==
        R"({"success":false,"data":null,"error":{"code":"test.invalid","message":"Not \"good\".",)"
        R"("details":[{"field":"items[0].quantity","code":"range",)"
        R"("message":"must be between 1 and 999"},)"
        R"({"field":"sku","code":"required","message":"is missing"}]},)"
        R"("meta":{"request_id":"id-1"}})");
}

TEST_CASE("details are an empty list where no field is at fault") {
    const auto reply = error_reply(Error::not_found("test.not_found", "No such thing."), "id-1");

    CHECK(reply.body ==
          R"({"success":false,"data":null,"error":{"code":"test.not_found",)"
          R"("message":"No such thing.","details":[]},"meta":{"request_id":"id-1"}})");
}

TEST_CASE("the detail of an error stays here") {
    const auto error = Error::conflict("test.conflict", "No.").with_detail("password=hunter2");

    const auto reply = error_reply(error, "id-1");

    CHECK(reply.body.find("hunter2") == std::string::npos);
}

TEST_CASE("nothing of an internal error is shown") {
    const auto error = Error(ErrorKind::internal, "test.broken", "the table ledger is gone")
                           .with({"ledger", "gone", "ledger"});

    const auto reply = error_reply(error, "id-1");

    CHECK(reply.body.find(R"("code":"http.internal")") != std::string::npos);
    CHECK(reply.body.find("ledger") == std::string::npos);
    CHECK(reply.body.find("test.broken") == std::string::npos);
}

TEST_CASE("a refusal says how to go on in the headers that clients read") {
    const auto [kind, name, value] = GENERATE(table<ErrorKind, std::string, std::string>(
        {{ErrorKind::unauthenticated, "WWW-Authenticate", R"(Bearer realm="api")"},
         {ErrorKind::unavailable, "Retry-After", "1"},
         {ErrorKind::too_many_requests, "Retry-After", "1"}}));

    const auto reply = error_reply(Error(kind, "test.reason", "A sentence."), "id-1");

    CHECK(header_of(reply, name) == value);
    CHECK(reply.headers.size() == 1);
}

TEST_CASE("other refusals have no such header") {
    const auto kind = GENERATE(ErrorKind::malformed, ErrorKind::not_found, ErrorKind::internal);

    CHECK(error_reply(Error(kind, "test.reason", "A sentence."), "id-1").headers.empty());
}
