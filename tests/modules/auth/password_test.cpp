#include "modules/auth/password.hpp"

#include <catch2/catch.hpp>

#include <latch>

using namespace auth;

namespace {

Settings cheap() {
    Settings settings;
    settings.hash_memory_kib = 8192;
    settings.hash_iterations = 1;
    return settings;
}

}  // namespace

TEST_CASE("auth: a password matches its own hash only") {
    Passwords passwords(cheap());

    const auto hash = passwords.hash("correct horse battery");

    REQUIRE(hash);
    CHECK_THAT(*hash, Catch::StartsWith("$argon2id$v=19$m=8192,t=1,p=1$"));
    CHECK(*passwords.matches("correct horse battery", *hash));
    CHECK_FALSE(*passwords.matches("correct horse batterx", *hash));
    CHECK_FALSE(*passwords.matches("", *hash));
    CHECK_FALSE(*passwords.matches("correct horse battery", passwords.decoy()));
}

TEST_CASE("auth: one password has another hash each time") {
    Passwords passwords(cheap());

    CHECK(*passwords.hash("correct horse battery") != *passwords.hash("correct horse battery"));
}

TEST_CASE("auth: a hash made at another cost still matches, and is known to be outdated") {
    auto dearer = cheap();
    dearer.hash_iterations = 2;
    Passwords then(cheap());
    Passwords today(dearer);

    const auto hash = then.hash("correct horse battery");

    REQUIRE(hash);
    CHECK(*today.matches("correct horse battery", *hash));
    CHECK(today.outdated(*hash));
    CHECK_FALSE(then.outdated(*hash));
}

TEST_CASE("auth: beyond the queue a hash is refused as busy, and none is lost") {
    auto settings = cheap();
    settings.hash_iterations = 10;  // Long enough for all callers to meet.
    settings.hash_threads = 1;
    settings.hash_queue = 1;
    Passwords passwords(settings);
    constexpr int callers = 16;
    std::latch together(callers);
    std::atomic<int> hashed = 0;
    std::atomic<int> busy = 0;

    {
        std::vector<std::jthread> threads;
        for (int caller = 0; caller < callers; ++caller)
            threads.emplace_back([&] {
                together.arrive_and_wait();
                const auto hash = passwords.hash("correct horse battery");
                if (hash)
                    ++hashed;
                else if (hash.error().code == "auth.busy" &&
                         hash.error().kind == ErrorKind::unavailable)
                    ++busy;
            });
    }

    CHECK(hashed + busy == callers);
    CHECK(hashed >= 1);
    CHECK(busy >= 1);
}

TEST_CASE("auth: a stored hash that is none is a fault, not a wrong password") {
    Passwords passwords(cheap());

    CHECK_THROWS_AS(passwords.matches("correct horse battery", "plain text"), std::runtime_error);
}
