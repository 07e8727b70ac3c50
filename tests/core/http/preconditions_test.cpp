#include "http/preconditions.hpp"

#include "http/http_date.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;

namespace {

constexpr std::time_t modified = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr auto* that_second = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr auto* before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr auto* after = "Mon, 07 Nov 1994 08:49:37 GMT";

using Headers = std::vector<NamedText>;

Request request_with(const Headers& headers) {
    Request request{};
    request.method = "GET";
    request.headers = headers;
    return request;
}

}  // namespace

TEST_CASE("conditions are judged by RFC 9110, 13.1 and in the order of 13.2.2") {
    const auto [headers, tag, expected] = GENERATE(table<Headers, std::string, Precondition>({
        {{}, R"("a")", Precondition::met},
        {{{"If-None-Match", R"("a")"}}, R"("a")", Precondition::not_modified},
        {{{"If-None-Match", R"(W/"a")"}}, R"("a")", Precondition::not_modified},
        {{{"If-None-Match", R"("a")"}}, R"(W/"a")", Precondition::not_modified},
        {{{"If-None-Match", "*"}}, R"("a")", Precondition::not_modified},
        {{{"If-None-Match", R"("b", "c,d" , W/"a")"}}, R"("a")", Precondition::not_modified},
        {{{"If-None-Match", R"("b","a,")"}}, R"("a")", Precondition::met},
        {{{"If-None-Match", R"("b")"}, {"if-none-match", R"("a")"}},
         R"("a")",
         Precondition::not_modified},
        {{{"If-None-Match", "a"}}, R"("a")", Precondition::met},
        {{{"If-None-Match", R"(w/"a")"}}, R"("a")", Precondition::met},
        {{{"If-None-Match", R"("a)"}}, R"("a")", Precondition::met},
        {{{"If-None-Match", R"("b")"}, {"If-Modified-Since", after}}, R"("a")", Precondition::met},
        {{{"If-Modified-Since", that_second}}, R"("a")", Precondition::not_modified},
        {{{"If-Modified-Since", after}}, R"("a")", Precondition::not_modified},
        {{{"If-Modified-Since", before}}, R"("a")", Precondition::met},
        {{{"If-Modified-Since", "yesterday"}}, R"("a")", Precondition::met},
        {{{"If-Match", R"("a")"}}, R"("a")", Precondition::met},
        {{{"If-Match", "*"}}, R"("a")", Precondition::met},
        {{{"If-Match", R"("b")"}}, R"("a")", Precondition::failed},
        {{{"If-Match", R"(W/"a")"}}, R"(W/"a")", Precondition::failed},
        {{{"If-Match", R"("b")"}, {"If-None-Match", R"("a")"}}, R"("a")", Precondition::failed},
        {{{"If-Match", R"("a")"}, {"If-Unmodified-Since", before}}, R"("a")", Precondition::met},
        {{{"If-Match", R"("a")"}, {"If-None-Match", R"("a")"}},
         R"("a")",
         Precondition::not_modified},
        {{{"If-Unmodified-Since", before}}, R"("a")", Precondition::failed},
        {{{"If-Unmodified-Since", that_second}}, R"("a")", Precondition::met},
        {{{"If-Unmodified-Since", "yesterday"}}, R"("a")", Precondition::met},
    }));

    CHECK(judge_preconditions(request_with(headers), {tag, modified}) == expected);
}

TEST_CASE("a range is wanted only of the version that If-Range names, strongly") {
    const auto [validator, tag, wanted] = GENERATE(table<std::string, std::string, bool>({
        {R"("a")", R"("a")", true},
        {R"("b")", R"("a")", false},
        {R"(W/"a")", R"(W/"a")", false},
        {R"(W/"a")", R"("a")", false},
        {that_second, R"("a")", true},
        {that_second, R"(W/"a")", false},
        {before, R"("a")", false},
        {after, R"("a")", false},
        {"yesterday", R"("a")", false},
    }));
    const Headers headers{{"If-Range", validator}};

    CHECK(wants_range_of(request_with(headers), {tag, modified}) == wanted);
    CHECK(wants_range_of(request_with({}), {tag, modified}));
}

TEST_CASE("dates of HTTP are written in one form and read in three") {
    const std::string date = GENERATE(as<std::string>{}, that_second,
                                      "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994");

    CHECK(http_date(modified) == that_second);
    CHECK(time_from_http_date(date) == modified);
}

TEST_CASE("what is no date of HTTP is none") {
    const std::string text =
        GENERATE(as<std::string>{}, "", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 UTC",
                 "Sun, 06 Nov 1994 08:49:37 GMT, or so", "Sun, 36 Nov 1994 08:49:37 GMT",
                 "784111777", "\"Sun, 06 Nov 1994 08:49:37 GMT\"");

    CHECK_FALSE(time_from_http_date(text));
}
