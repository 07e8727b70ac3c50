#include "modules/auth/verified_tokens.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace auth;

namespace {

constexpr std::size_t limit = 16384;

Grant grant_for(std::chrono::seconds life) {
    return {{CallerId::fresh(), {"a"}}, now() + life};
}

}  // namespace

TEST_CASE("auth: a verified token is remembered until it expires") {
    StoppedClock clock(now());
    VerifiedTokens tokens(limit);
    const auto grant = grant_for(std::chrono::seconds(60));
    tokens.remember("token", grant);

    const auto caller = tokens.find("token");
    clock.advance(std::chrono::seconds(60));

    REQUIRE(caller);
    CHECK(caller->id == grant.caller.id);
    CHECK_FALSE(tokens.find("token"));
    CHECK_FALSE(tokens.find("another"));
}

TEST_CASE("auth: only so many tokens are remembered, and those in use stay") {
    VerifiedTokens tokens(limit);
    const auto grant = grant_for(std::chrono::hours(1));
    tokens.remember("in use", grant);

    int kept = 0;
    for (int number = 0; number < 100000; ++number) {
        tokens.remember(std::to_string(number), grant);
        kept += tokens.find("in use") ? 1 : 0;
    }
    int remembered = 0;
    for (int number = 0; number < 100000; ++number)
        remembered += tokens.find(std::to_string(number)) ? 1 : 0;

    CHECK(kept == 100000);
    CHECK(remembered <= static_cast<int>(limit));
    CHECK(remembered > 0);
}

TEST_CASE("auth: tokens are remembered and found from many threads at once") {
    VerifiedTokens tokens(limit);
    const auto grant = grant_for(std::chrono::hours(1));
    std::atomic<int> wrong = 0;

    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&] {
                for (int number = 0; number < 2000; ++number) {
                    const auto text = std::to_string(number);
                    tokens.remember(text, grant);
                    const auto caller = tokens.find(text);
                    wrong += caller && caller->id != grant.caller.id ? 1 : 0;
                }
            });
    }

    CHECK(wrong == 0);
}
