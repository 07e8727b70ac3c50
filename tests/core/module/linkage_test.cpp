#include "module/linkage.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulkhead;
using module::read_linkage;
using module::scopes_of;

namespace {

using Names = std::vector<std::string>;

bool holds(const Names& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

Names scopes(std::string_view symbol) {
    const auto found = scopes_of(symbol);
    return {found.begin(), found.end()};
}

}  // namespace

TEST_CASE("what a module is linked with is read from its bytes") {
    const auto linkage = read_linkage(test::fixture("good"));

    REQUIRE(linkage);
    CHECK(holds(linkage->libraries, "libbulkhead.so.1"));
    CHECK(linkage->exported == Names{"bulkhead_module_entry"});
    CHECK(holds(linkage->wanted, "_ZN8bulkhead6ModuleD2Ev"));
    CHECK(holds(linkage->texts, "good.greeting/1"));
}

TEST_CASE("a damaged image yields what is left of it, or a sentence") {
    const auto good = test::fixture("good");
    const auto none = read_linkage(std::string_view(good).substr(0, 64));

    REQUIRE_FALSE(none);
    CHECK(none.error().message.starts_with("has no table of its symbols"));
    for (std::size_t step = 1; step < 32; ++step) {
        auto damaged = good;
        for (auto at = good.size() * step / 32; at < damaged.size(); at += 61)
            damaged[at] = static_cast<char>(step * 7);
        CHECK_NOTHROW(read_linkage(damaged));
        CHECK_NOTHROW(read_linkage(std::string_view(good).substr(0, good.size() * step / 32)));
    }
}

TEST_CASE("the scopes of a symbol are read without its templates and its signature") {
    const auto [symbol, found] = GENERATE(table<std::string, Names>({
        {"_ZN8bulkhead2db7Session6selectEv", {"bulkhead", "db", "Session", "select"}},
        {"_ZNK8bulkhead3Log5writeENS_8LogLevelE", {"bulkhead", "Log", "write"}},
        {"_ZTIN8bulkhead2db7FailureE", {"bulkhead", "db", "Failure"}},
        {"_ZTVN8bulkhead6ModuleE", {"bulkhead", "Module"}},
        {"_ZN8bulkhead4listI3RowEEvv", {"bulkhead", "list"}},
        {"_ZN8bulkhead99999999999999999999999db", {"bulkhead"}},
        {"_ZN8bulkhead50db", {"bulkhead"}},
        {"_ZNSt6vectorE", {}},
        {"_Znwm", {}},
        {"sqlite3_open", {}},
        {"_ZN", {}},
        {"", {}},
    }));

    CHECK(scopes(symbol) == found);
}
