#include "http/byte_range.hpp"

#include <catch2/catch.hpp>

#include <string>

using bulkhead::http::byte_range;
using Kind = bulkhead::http::ByteRange::Kind;

TEST_CASE("a Range header is read by RFC 9110, 14.1.2") {
    const auto [header, size, kind, first, length] =
        GENERATE(table<std::string, std::uint64_t, Kind, std::uint64_t, std::uint64_t>({
            {"bytes=0-0", 10, Kind::part, 0, 1},
            {"bytes=0-9", 10, Kind::part, 0, 10},
            {"bytes=2-5", 10, Kind::part, 2, 4},
            {"bytes=2-", 10, Kind::part, 2, 8},
            {"bytes=2-99", 10, Kind::part, 2, 8},
            {"bytes=-3", 10, Kind::part, 7, 3},
            {"bytes=-99", 10, Kind::part, 0, 10},
            {"BYTES=2-5", 10, Kind::part, 2, 4},
            {"bytes= 2-5 ", 10, Kind::part, 2, 4},
            {"bytes=,2-5,", 10, Kind::part, 2, 4},
            {"bytes=2-18446744073709551616", 10, Kind::part, 2, 8},
            {"bytes=-18446744073709551616", 10, Kind::part, 0, 10},
            {"bytes=10-", 10, Kind::unsatisfiable, 0, 0},
            {"bytes=18446744073709551616-", 10, Kind::unsatisfiable, 0, 0},
            {"bytes=-0", 10, Kind::unsatisfiable, 0, 0},
            {"bytes=0-0", 0, Kind::unsatisfiable, 0, 0},
            {"bytes=-5", 0, Kind::whole, 0, 0},
            {"bytes=0-1,4-5", 10, Kind::whole, 0, 10},
            {"bytes=5-2", 10, Kind::whole, 0, 10},
            {"bytes=", 10, Kind::whole, 0, 10},
            {"bytes=-", 10, Kind::whole, 0, 10},
            {"bytes=a-b", 10, Kind::whole, 0, 10},
            {"bytes=+1-2", 10, Kind::whole, 0, 10},
            {"bytes=1 - 2", 10, Kind::whole, 0, 10},
            {"bytes=1-2-3", 10, Kind::whole, 0, 10},
            {"bytes 1-2", 10, Kind::whole, 0, 10},
            {"lines=1-2", 10, Kind::whole, 0, 10},
            {"", 10, Kind::whole, 0, 10},
        }));
    CAPTURE(header);

    const auto range = byte_range(header, size);

    CHECK(range.kind == kind);
    CHECK(range.first == first);
    CHECK(range.length == length);
}
