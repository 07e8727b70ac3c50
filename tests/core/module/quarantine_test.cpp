#include "module/quarantine.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::Pin;
using module::Quarantine;

namespace {

const Pin bad{"orders", "0bad"};
constexpr std::int32_t attempts = 3;

}  // namespace

TEST_CASE("a module is quarantined from its last attempt on, whoever restarts in between") {
    const test::TemporaryFolder folder;

    const bool first = Quarantine(folder.path()).failed_to_start(bad, attempts, "signal 11");
    const bool second = Quarantine(folder.path()).failed_to_start(bad, attempts, "signal 11");
    const bool third = Quarantine(folder.path()).failed_to_start(bad, attempts, "signal 11");

    CHECK_FALSE(first);
    CHECK_FALSE(second);
    CHECK(third);
    const auto modules = Quarantine(folder.path()).modules();
    REQUIRE(modules.size() == 1);
    CHECK(modules.front().name == "orders");
    CHECK(modules.front().sha256 == "0bad");
    CHECK_THAT(modules.front().reason,
               Catch::Contains("it ended 3 starts (signal 11)") &&
                   Catch::Contains("put another orders.so into the module directory") &&
                   Catch::Contains("--retry"));
}

TEST_CASE("a start that succeeds lets the count begin anew") {
    const test::TemporaryFolder folder;
    Quarantine quarantine(folder.path());
    const std::vector<Pin> serving{bad};

    quarantine.failed_to_start(bad, 2, "exit status 1");
    quarantine.started(serving);
    const bool again = quarantine.failed_to_start(bad, 2, "exit status 1");

    CHECK_FALSE(again);
    CHECK(quarantine.modules().empty());
}

TEST_CASE("contents are counted apart, and a name may have several in quarantine") {
    const test::TemporaryFolder folder;
    Quarantine quarantine(folder.path());

    const bool old = quarantine.failed_to_start({"orders", "01"}, 1, "why");
    const bool fresh = quarantine.failed_to_start({"orders", "02"}, 2, "why");
    quarantine.failed_to_start({"orders", "01"}, 1, "once more");

    CHECK(old);
    CHECK_FALSE(fresh);
    CHECK(quarantine.modules().size() == 1);
}

TEST_CASE("a set that was rolled back is remembered with its reason until it is released") {
    const test::TemporaryFolder folder;

    Quarantine(folder.path()).refuse_set("d1", "12 of 20 replies failed");

    Quarantine quarantine(folder.path());
    CHECK(quarantine.refusal_of_set("d1") == "12 of 20 replies failed");
    CHECK(quarantine.refusal_of_set("d2").empty());
    quarantine.release();
    CHECK(quarantine.refusal_of_set("d1").empty());
    CHECK(Quarantine(folder.path()).refusal_of_set("d1").empty());
}

TEST_CASE("a reason of any length and any bytes is still known after a restart") {
    const test::TemporaryFolder folder;
    const auto* const repeated = GENERATE("\xC3\xBC", "\xFF no UTF-8 ");
    std::string reason = "x";
    for (int times = 0; times < 3'000; ++times)
        reason += repeated;

    Quarantine(folder.path()).refuse_set("d1", reason);

    CHECK_FALSE(Quarantine(folder.path()).refusal_of_set("d1").empty());
}

TEST_CASE("a quarantine that cannot be read begins anew") {
    const test::TemporaryFolder folder;
    const auto* const text = GENERATE("", "{", "[]", R"({"modules": 3})");
    test::write(folder, "quarantine.json", text);

    Quarantine quarantine(folder.path());

    CHECK(quarantine.modules().empty());
    CHECK(quarantine.failed_to_start(bad, 1, "why"));
    CHECK(Quarantine(folder.path()).modules().size() == 1);
}

TEST_CASE("what cannot be written holds in memory") {
    const test::TemporaryFolder folder;
    test::write(folder, "blocked", "a file, no folder");
    Quarantine quarantine(folder.path() / "blocked");

    const bool quarantined = quarantine.failed_to_start(bad, 1, "why");

    CHECK(quarantined);
    CHECK(quarantine.modules().size() == 1);
}

TEST_CASE("a quarantine never outgrows what it can read again") {
    const test::TemporaryFolder folder;
    Quarantine quarantine(folder.path());
    const std::string long_reason(100'000, 'x');
    for (std::size_t index = 0; index < module::max_modules; ++index)
        quarantine.refuse_set(std::to_string(index), "why");

    quarantine.refuse_set("one more", long_reason);

    const Quarantine again(folder.path());
    CHECK_FALSE(again.refusal_of_set("one more").empty());
    CHECK(again.refusal_of_set("one more").size() < 10'000);
}
