#include "http/scan.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace bulkhead::http {

TEMPLATE_TEST_CASE("sixteen bytes at once are judged as one by one", "", LineStop, PathStop,
                   WordStop, AsciiStop) {
    constexpr std::size_t longest = 40;
    for (int value = 0; value < 256; ++value) {
        const char byte = static_cast<char>(value);
        for (std::size_t place = 0; place < longest; ++place) {
            std::string text(longest, 'a');
            text[place] = byte;
            const char* const end = text.data() + longest;
            INFO("byte " << value << " at " << place);

            const auto* const found = scan<TestType>(text.data(), end);

            REQUIRE((found == scan_bytewise<TestType>(text.data(), end)));
            REQUIRE((found == (TestType::has(byte) ? text.data() + place : end)));
        }
    }
}

TEST_CASE("a token ends at the first byte that no token has") {
    const auto [text, length] = GENERATE(table<std::string, std::size_t>({
        {"", 0},
        {":", 0},
        {"Host: a", 4},
        {"X_Y.Z~!#$%&'*+^`|: a", 17},
        {"A-Name-That-Is-Longer-Than-One-Look: a", 35},
        {"An_Odd_Name_That_Is_Longer_Than_One_Look (", 40},
        {"\xc3\xa4:", 0},
    }));

    const auto* const end = token_end(text.data(), text.data() + text.size());

    CHECK(static_cast<std::size_t>(end - text.data()) == length);
}

}  // namespace bulkhead::http
