#include "http/accept_encoding.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;

namespace {

constexpr std::array br_first{Coding::br, Coding::gzip};

std::string name_of(Coding coding) {
    return coding == Coding::br ? "br" : coding == Coding::gzip ? "gzip" : "identity";
}

std::string chosen(std::string_view accepted) {
    const NamedText header{"accept-encoding", accepted};
    return name_of(choose_coding(std::span(&header, 1), br_first));
}

}  // namespace

TEST_CASE("the coding is the one that the client likes best, ours where it likes several") {
    const auto [accepted, coding] = GENERATE(table<std::string, std::string>({
        {"gzip, deflate, br", "br"},
        {"gzip", "gzip"},
        {"GZIP", "gzip"},
        {"x-gzip", "gzip"},
        {"Br;Q=1", "br"},
        {"br;q=0.5, gzip;q=0.8", "gzip"},
        {"br ; q=0.8 , gzip\t;\tq=0.8", "br"},
        {"br;q=0, gzip;q=0.001", "gzip"},
        {"br;q=0.000, gzip;q=0", "identity"},
        {"*", "br"},
        {"*;q=0.1", "br"},
        {"br;q=0, *", "gzip"},
        {"gzip;q=0.2, *;q=0.1", "gzip"},
        {"gzip;q=0.1, *;q=0.2", "br"},
        {"gzip;q=1.000", "gzip"},
        {"gzip;q=1.", "gzip"},
        // Identity is always ours to send, and is what is sent if nothing else is liked better.
        {"", "identity"},
        {"deflate, zstd", "identity"},
        {"identity", "identity"},
        {"identity;q=0", "identity"},
        {"*;q=0", "identity"},
        {"identity;q=0, gzip", "gzip"},
        {"identity, gzip;q=0.5", "identity"},
        {"identity;q=0.5, gzip;q=0.5", "gzip"},
        {"identity;q=0.5, *;q=0.4", "identity"},
        // Malformed: as if it were not there.
        {"gzip;q=2", "identity"},
        {"gzip;q=1.001", "identity"},
        {"gzip;q=0.0001", "identity"},
        {"gzip;q=-1", "identity"},
        {"gzip;q=", "identity"},
        {"gzip;q=.5", "identity"},
        {"gzip;q=0,5", "identity"},
        {"gzip;q=0 1", "identity"},
        {"gzip;q=1.-1", "identity"},
        {"gzip;level=9", "identity"},
        {"gzip;;q=1", "identity"},
        {";q=1, ,,gzip;q=0.5,", "gzip"},
        {"gz ip, br\x01", "identity"},
    }));

    CHECK(chosen(accepted) == coding);
}

TEST_CASE("who says nothing gets no coding, who says it in two lines gets the best of both") {
    const std::vector<NamedText> both{
        {"Accept-Encoding", "gzip;q=0.5"}, {"Accept", "br"}, {"ACCEPT-ENCODING", "br;q=0.7"}};

    CHECK(choose_coding({}, br_first) == Coding::identity);
    CHECK(choose_coding(both, br_first) == Coding::br);
    CHECK(choose_coding(both, std::array{Coding::gzip}) == Coding::gzip);
    CHECK(choose_coding(both, {}) == Coding::identity);
}
