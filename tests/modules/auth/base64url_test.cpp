#include "modules/auth/base64url.hpp"

#include <catch2/catch.hpp>

using namespace auth;

TEST_CASE("auth: bytes become base64url without padding") {
    const auto [bytes, text] = GENERATE(table<std::string, std::string>({{"", ""},
                                                                         {"f", "Zg"},
                                                                         {"fo", "Zm8"},
                                                                         {"foo", "Zm9v"},
                                                                         {"foobar", "Zm9vYmFy"},
                                                                         {"\xfb\xff", "-_8"}}));

    CHECK(to_base64url(bytes) == text);
    CHECK(from_base64url(text) == bytes);
}

TEST_CASE("auth: only the canonical base64url text of some bytes is read") {
    const auto* text = GENERATE("Zg==", "Zh", "Zm9", "Z", "Zm9v ", " Zm9v", "Zm 9v", "+/8",
                                "Zm9v\n", "Zm=v", "\xc3\xa4", "====");

    CHECK_FALSE(from_base64url(text).has_value());
}
