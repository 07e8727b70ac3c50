#include "module/probation.hpp"

#include <catch2/catch.hpp>

namespace bulkhead::module {

TEST_CASE("a generation goes when more of its replies failed than its probation allows") {
    const ServerOptions options{.probation_replies = 20, .probation_failure_percent = 10};
    const auto [counts, goes] = GENERATE(table<Counts, bool>({{{0, 0}, false},
                                                              {{19, 19}, false},
                                                              {{20, 2}, false},
                                                              {{20, 3}, true},
                                                              {{1'000, 100}, false},
                                                              {{1'000, 101}, true}}));
    const Probation probation(options, Probation::Clock::now());

    const auto verdict = probation.verdict(counts);

    CAPTURE(counts.replies, counts.failures);
    CHECK(verdict.empty() != goes);
}

TEST_CASE("without an allowance a single failure among enough replies is too many") {
    const ServerOptions options{.probation_replies = 1, .probation_failure_percent = 0};
    const Probation probation(options, Probation::Clock::now());

    CHECK(probation.verdict({1, 0}).empty());
    CHECK(probation.verdict({1'000, 1}) ==
          "1 of its first 1000 replies were 500 or 504, and server.probation_failure_percent is 0");
}

TEST_CASE("probation ends server.probation_seconds after the generation was ready") {
    const ServerOptions options{.probation_seconds = 7};
    const auto ready = Probation::Clock::now();

    CHECK(Probation(options, ready).end() == ready + std::chrono::seconds(7));
}

}  // namespace bulkhead::module
