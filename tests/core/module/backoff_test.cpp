#include "module/backoff.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace bulkhead::module {

using namespace std::chrono_literals;

TEST_CASE("pauses start at none and double from 50 ms up to a second") {
    Backoff backoff;
    std::vector<std::chrono::milliseconds> pauses;

    for (int death = 0; death < 8; ++death)
        pauses.push_back(backoff.pause_after(0s));

    CHECK(pauses == std::vector<std::chrono::milliseconds>{0ms, 50ms, 100ms, 200ms, 400ms, 800ms,
                                                           1000ms, 1000ms});
}

TEST_CASE("pauses are forgotten once a worker has served for ten seconds") {
    const auto [served, pause] =
        GENERATE(table<std::chrono::milliseconds, std::chrono::milliseconds>(
            {{9'999ms, 100ms}, {10'000ms, 0ms}, {1h, 0ms}}));
    Backoff backoff;
    backoff.pause_after(0s);
    backoff.pause_after(0s);

    const auto next = backoff.pause_after(served);

    CHECK(next == pause);
}

}  // namespace bulkhead::module
