// What a supervisor decides about a generation is done, step by step.

#include "core/module/site.hpp"
#include "module/module_set.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::Start;
using module::State;
using module::Step;
using test::get;
using test::Site;
using test::status_of;

namespace {

std::string calm() {
    return test::renamed(test::hostile("nowhere"), "calm");
}

std::string line_of(const module::Stage& stage) {
    return std::string(names(stage.step)[static_cast<std::size_t>(stage.step)]) + " " +
           stage.module;
}

// Other bytes than any other test loads: what is loaded in a process already is not copied again.
std::string unique(const std::string& bytes, const Site& site) {
    return bytes + site.folder().string();
}

// `good` and `calm`, which have run once: what they pin is kept in server.data.
class KeptSite : public Site {
public:
    KeptSite() {
        put("good.so", unique(test::fixture("good"), *this));
        put("calm.so", unique(calm(), *this));
        const auto generation = start(tables);
        REQUIRE(generation);
        pins = module::pins_of((*generation)->modules());
    }

    static constexpr auto tables = "[module.good]\n[module.calm]\n";
    std::vector<module::Pin> pins;  ///< of calm, then of good
};

}  // namespace

TEST_CASE("each step is told before it is entered, module by module, in the order of needs") {
    const Site site{"good", "guest"};
    std::vector<std::string> stages;
    const Start start{
        .on_stage = [&](const module::Stage& stage) { stages.push_back(line_of(stage)); }};

    const auto generation = site.start("[module.good]\n[module.guest]\n", start);

    REQUIRE(generation);
    CHECK(stages == std::vector<std::string>{"gate ", "gate good", "gate guest", "load good",
                                             "load guest", "migrate ", "migrate good",
                                             "migrate guest", "construct good", "health good",
                                             "construct guest", "health guest", "health "});
}

TEST_CASE("each migration is told once it is applied, even if the start fails afterwards") {
    const Site site;
    site.put("calm.so", test::renamed(test::hostile("constructor_throws"), "calm"));
    site.put("hostile.so", test::hostile("migration_first"));
    std::vector<std::string> migrated;
    const Start start{.terms = {.whole = true},
                      .on_migrated = [&](const std::string& name) { migrated.push_back(name); }};

    const auto generation = site.start("[module.calm]\n[module.hostile]\n", start);

    REQUIRE_FALSE(generation);
    REQUIRE_FALSE(migrated.empty());
    CHECK_THAT(migrated.front(), Catch::StartsWith("core/"));
    CHECK(migrated.back() == "hostile/2026-01-01-00-00-create-things");
}

TEST_CASE("in safe mode no module is loaded and the core serves") {
    const Site site{"good"};
    site.put("junk.so", "junk");

    const auto generation = site.start("[module.good]\n[module.junk]\nenabled = false\n",
                                       {.terms = {.safe = true, .whole = true}});

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::disabled);
    CHECK_THAT(status_of(**generation, "good").reason, Catch::StartsWith("safe mode: "));
    CHECK(status_of(**generation, "junk").state == State::disabled);
    CHECK(get(**generation, "/health").status == 200);
    CHECK(get(**generation, "/api/v1/greeting").status == 404);
    CHECK_FALSE(std::filesystem::exists(site.folder() / "var/modules"));
}

TEST_CASE("a quarantined content stays out under its reason, another content of the name runs") {
    const KeptSite site;
    const module::Terms terms{
        .quarantined = {{"calm", site.pins.front().sha256, "calm ended 3 starts."}}};

    const auto same = site.start(KeptSite::tables, {.terms = terms});
    site.put("calm.so", calm() + "another build");
    const auto other = site.start(KeptSite::tables, {.terms = terms});

    REQUIRE((same && other));
    CHECK(status_of(**same, "calm").state == State::quarantined);
    CHECK(status_of(**same, "calm").reason == "calm ended 3 starts.");
    CHECK(status_of(**same, "good").state == State::running);
    CHECK(status_of(**other, "calm").state == State::running);
}

TEST_CASE("those that need a quarantined module are blocked by it") {
    const KeptSite site;
    site.put("guest.so", test::fixture("guest"));
    const module::Terms terms{.quarantined = {{"good", site.pins.back().sha256, "no good."}}};

    const auto generation = site.start("[module.good]\n[module.guest]\n", {.terms = terms});

    REQUIRE(generation);
    CHECK(status_of(**generation, "guest").reason ==
          "guest needs good, which is quarantined; see its own reason.");
}

TEST_CASE("pinned contents are loaded whatever lies in the module directory by then") {
    const KeptSite site;
    site.put("good.so", "half a fi");
    std::filesystem::remove(site.folder() / "modules/calm.so");

    const auto generation =
        site.start(KeptSite::tables, {.terms = {.whole = true, .pinned = site.pins}});

    REQUIRE(generation);
    CHECK(module::pins_of((*generation)->modules()) == site.pins);
    CHECK(get(**generation, "/api/v1/greeting").status == 200);
    CHECK(get(**generation, "/api/v1/calm").status == 200);
}

TEST_CASE("what is not pinned does not run in a pinned set") {
    const KeptSite site;

    const auto generation = site.start(KeptSite::tables, {.terms = {.pinned = {site.pins.back()}}});

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::running);
    CHECK(status_of(**generation, "calm").state == State::refused);
    CHECK_THAT(status_of(**generation, "calm").reason,
               Catch::Contains("'calm' did not run in the set") &&
                   Catch::Contains("apply plugins.toml again"));
}

TEST_CASE("a pinned copy that is damaged is refused by name") {
    const auto [kept, added, sentence] = GENERATE(table<std::size_t, std::string, std::string>({
        {0, "", "is no ELF file"},
        {100, "", "is truncated"},
        {std::string::npos, "x", ": sha256 is '"},
    }));
    const KeptSite site;
    const auto copy = site.folder() / "var/modules" / (site.pins.back().sha256 + ".so");
    const auto damaged = test::bytes_of(copy).substr(0, kept) + added;
    std::filesystem::remove(copy);  // Its old bytes are mapped in this process.
    std::filesystem::remove(site.folder() / "modules/good.so");
    std::ofstream(copy, std::ios::binary) << damaged;

    const auto generation = site.start(KeptSite::tables, {.terms = {.pinned = site.pins}});
    const auto whole =
        site.start(KeptSite::tables, {.terms = {.whole = true, .pinned = site.pins}});

    REQUIRE(generation);
    CHECK(status_of(**generation, "calm").state == State::running);
    const auto& status = status_of(**generation, "good");
    CHECK(status.state == State::refused);
    CHECK_THAT(status.reason,
               Catch::StartsWith("the kept copy of module 'good' cannot be used (") &&
                   Catch::Contains(copy.string()) && Catch::Contains(sentence) &&
                   Catch::Contains("apply plugins.toml again"));
    REQUIRE_FALSE(whole);
    CHECK(whole.error().message == status.reason);
}

TEST_CASE("a pinned copy that is missing is made anew from a file of the same content") {
    const KeptSite site;
    std::filesystem::remove_all(site.folder() / "var/modules");

    const auto generation =
        site.start(KeptSite::tables, {.terms = {.whole = true, .pinned = site.pins}});

    REQUIRE(generation);
    CHECK(module::pins_of((*generation)->modules()) == site.pins);
    CHECK(get(**generation, "/api/v1/greeting").status == 200);
}

TEST_CASE("a pinned copy that is missing is refused by name") {
    const KeptSite site;
    const auto copy = site.folder() / "var/modules" / (site.pins.back().sha256 + ".so");
    std::filesystem::remove(copy);
    site.put("good.so", "half a fi");

    const auto generation = site.start(KeptSite::tables, {.terms = {.pinned = site.pins}});

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").state == State::refused);
    CHECK_THAT(status_of(**generation, "good").reason,
               Catch::Contains(copy.string() + " cannot be read (No such file or directory)"));
}

TEST_CASE("a module's status has the checksum of its file") {
    const Site site{"good"};
    site.put("junk.so", "junk");

    const auto generation = site.start("[module.good]\n[module.junk]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "good").sha256.size() == 64);
    CHECK(status_of(**generation, "junk").sha256.empty());
}
