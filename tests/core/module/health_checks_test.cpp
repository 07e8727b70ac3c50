#include "module/health_checks.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace bulkhead;
using module::HealthChecks;
using Answer = HealthChecks::Answer;

namespace {

constexpr std::chrono::milliseconds at_once{0};
constexpr std::chrono::milliseconds a_while{20'000};

Result<> well() {
    return Done{};
}
Result<> sick() {
    return Error::unavailable("x.sick", "the printer is on fire");
}
Result<> wild() {
    throw 42;
}

}  // namespace

TEST_CASE("each module says for itself whether it can work") {
    HealthChecks checks({{"a", well}, {"b", sick}, {"c", wild}}, a_while, at_once);

    const auto findings = checks.find();

    REQUIRE(findings.size() == 3);
    CHECK(findings[0].module == "a");
    CHECK(findings[0].answer == Answer::healthy);
    CHECK(findings[1].answer == Answer::unhealthy);
    CHECK(findings[2].answer == Answer::unhealthy);
}

TEST_CASE("an answer is kept for its time") {
    std::atomic<int> asked = 0;
    const auto count = [&]() -> Result<> {
        ++asked;
        return Done{};
    };
    HealthChecks kept({{"a", count}}, a_while, a_while);
    HealthChecks fresh({{"a", count}}, a_while, at_once);

    kept.find();
    kept.find();
    const int once = asked;
    fresh.find();
    fresh.find();

    CHECK(once == 1);
    CHECK(asked == 3);
}

TEST_CASE("a check that hangs holds nobody up, is not asked twice, and is heard once it answers") {
    std::promise<void> release;
    const auto released = release.get_future().share();
    std::atomic<int> asked = 0;
    const auto hang = [&]() -> Result<> {
        ++asked;
        released.wait();
        return Done{};
    };
    HealthChecks checks({{"a", hang}, {"b", well}}, at_once, at_once);

    checks.find();
    const auto hanging = checks.find();
    const int times = asked;
    release.set_value();
    auto later = checks.find();
    for (int tries = 0; tries < 100'000 && later[0].answer == Answer::silent; ++tries)
        later = checks.find();

    CHECK(hanging[0].answer == Answer::silent);
    CHECK(times <= 1);
    CHECK(later[0].answer == Answer::healthy);
}
