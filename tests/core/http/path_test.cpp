#include "http/path.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace bulkhead::http;

namespace {

using List = std::vector<std::string>;

PathState state_of(std::string_view raw) {
    std::string decoded;
    Segments segments;
    return split_path(raw, decoded, segments);
}

List segments_of(std::string_view raw) {
    std::string decoded;
    Segments segments;
    split_path(raw, decoded, segments);
    return {segments.text.begin(), segments.text.begin() + segments.count};
}

}  // namespace

TEST_CASE("a path is split at its slashes, then decoded once") {
    const auto [raw, segments] =
        GENERATE(table<std::string, List>({{"/", {}},
                                           {"/a", {"a"}},
                                           {"/a/b", {"a", "b"}},
                                           {"/a%20b/c", {"a b", "c"}},
                                           {"/a%2Fb/c", {"a/b", "c"}},
                                           {"/a%2fb", {"a/b"}},
                                           {"/%2525", {"%25"}},
                                           {"/a+b", {"a+b"}},
                                           {"/%C3%BC", {"\xC3\xBC"}},
                                           {"/\xC3\xBC", {"\xC3\xBC"}},
                                           {"/%F0%9F%9A%A2", {"\xF0\x9F\x9A\xA2"}},
                                           {"/...", {"..."}},
                                           {"/a..b", {"a..b"}}}));

    CHECK(state_of(raw) == PathState::usable);
    CHECK(segments_of(raw) == segments);
}

TEST_CASE("a path that two readers could read differently is bad") {
    const std::string raw =
        GENERATE("", "a", "*", "/%", "/%4", "/%zz", "/%4g", "/a/%00", "/a%00b/c", "/%80", "/%FF",
                 "/%C3", "/%C3/%BC", "/%C0%AF", "/%E0%80%AF", "/%F0%80%80%AF", "/%ED%A0%80",
                 "/%F4%90%80%80", "/\xC0\xAF", "/a/\xFF", "/.", "/..", "/a/../b", "/a/./b",
                 "/%2e%2e/a", "/a/%2E", "/a/.%2e", "//%00", "/a/../");

    CHECK(state_of(raw) == PathState::bad);
}

TEST_CASE("a raw zero byte is bad") {
    CHECK(state_of(std::string_view("/a\0b", 4)) == PathState::bad);
}

TEST_CASE("an empty segment is in no path of ours") {
    const std::string raw = GENERATE("//", "/a/", "/a//b", "//a", "/%41/");

    CHECK(state_of(raw) == PathState::absent);
}

TEST_CASE("a path deeper than any pattern is none of ours") {
    std::string deepest;
    for (std::size_t depth = 0; depth < 32; ++depth)
        deepest += "/a";

    CHECK(state_of(deepest) == PathState::usable);
    CHECK(state_of(deepest + "/a") == PathState::absent);
    CHECK(state_of(deepest + "/%00") == PathState::bad);
}

TEST_CASE("a path without escapes is viewed, not copied") {
    const std::string_view raw = "/notes/a-name-that-no-small-string-could-hold-in-itself";
    std::string decoded;
    Segments segments;

    split_path(raw, decoded, segments);

    CHECK(segments.text[1].data() == raw.data() + 7);
    CHECK(decoded.empty());
}
