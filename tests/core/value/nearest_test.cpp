#include "value/nearest.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace bulkhead;

namespace {

constexpr std::array<std::string_view, 4> keys{"listen", "workers", "worker_reserve", "data"};

}  // namespace

TEST_CASE("the nearest word is the one with the fewest slips") {
    const auto [given, meant] = GENERATE(table<std::string, std::string>({
        {"lisen", "listen"},    // one letter missing
        {"listten", "listen"},  // one too many
        {"lizten", "listen"},   // one wrong
        {"lsiten", "listen"},   // two swapped
        {"worker", "workers"},
        {"worker-reserve", "worker_reserve"},
        {"data", "data"},
    }));

    CHECK(nearest(given, keys) == meant);
}

TEST_CASE("a word that resembles none has no nearest") {
    const auto* given = GENERATE("", "x", "port", "dota_base", "completely_different");

    CHECK(nearest(given, keys).empty());
}

TEST_CASE("an endless word is not compared at all") {
    CHECK(nearest(std::string(1'000'000, 'l'), keys).empty());
}

TEST_CASE("a suggestion names the nearest word, or else all of them") {
    CHECK(suggestion("lisen", keys, "server.") == "; did you mean 'server.listen'?");
    CHECK(suggestion("port", keys) == "; expected one of: listen, workers, worker_reserve, data");
}
