#include "value/percent.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::value;

TEST_CASE("escapes are decoded, '+' as it is meant") {
    const auto [text, plus, decoded] =
        GENERATE(table<std::string, Plus, std::string>({{"", Plus::space, ""},
                                                        {"a%20b", Plus::itself, "a b"},
                                                        {"a+b", Plus::space, "a b"},
                                                        {"a+b", Plus::itself, "a+b"},
                                                        {"%2B", Plus::space, "+"},
                                                        {"%c3%A9", Plus::space, "\u00e9"},
                                                        {"%2525", Plus::space, "%25"},
                                                        {"%ff", Plus::space, "\xFF"}}));
    CAPTURE(text);

    CHECK(percent_decoded(text, plus) == decoded);
}

TEST_CASE("incomplete escapes are refused") {
    const auto text = GENERATE(as<std::string>{}, "%", "%2", "a%", "%zz", "%2g", "%%20", "% 20");
    CAPTURE(text);

    CHECK_FALSE(percent_decoded(text, Plus::space));
}

TEST_CASE("everything but the unreserved characters is encoded") {
    std::string out = "/";

    append_percent_encoded(out, "aZ09-._~ /?%\u00e9");

    CHECK(out == "/aZ09-._~%20%2F%3F%25%C3%A9");
}
