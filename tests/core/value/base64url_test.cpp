#include <bulkhead/base64url.hpp>

#include <catch2/catch.hpp>

using namespace bulkhead;

TEST_CASE("base64url is written without padding and read back") {
    const auto [bytes, text] =
        GENERATE(table<std::string, std::string>({{"", ""},
                                                  {"f", "Zg"},
                                                  {"fo", "Zm8"},
                                                  {"foo", "Zm9v"},
                                                  {"foob", "Zm9vYg"},
                                                  {"foobar", "Zm9vYmFy"},
                                                  {"\xFB\xEF\xFF", "--__"},
                                                  {std::string(2, '\0'), "AAA"}}));

    CHECK(to_base64url(bytes) == text);
    CHECK(from_base64url(text) == bytes);
}

TEST_CASE("there is one text for each sequence of bytes") {
    const auto text = GENERATE(as<std::string>{}, "Z", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9vY", "++//",
                               "Zm 8", "Zm8\n", "Zm9v.", "\xFF\xFF");
    CAPTURE(text);

    CHECK_FALSE(from_base64url(text));
}
