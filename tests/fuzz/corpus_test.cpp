// What the fuzzer begins with, and whatever it once found, runs with every test.

#include "fuzz/conversation.hpp"
#include "fuzz/targets.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fuzz {
namespace {

using Target = void (*)(std::string_view);

std::vector<std::filesystem::path> seeds_of(const std::string& target) {
    std::vector<std::filesystem::path> seeds;
    const auto folder =
        std::filesystem::path(BULKHEAD_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / target;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        seeds.push_back(entry.path());
    return seeds;
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Conversation whole(std::string_view bytes) {
    return converse(bytes, [&] { return bytes.size(); });
}

}  // namespace

TEST_CASE("every seed of the fuzz targets holds what they promise") {
    const auto [name, target] =
        GENERATE(table<std::string, Target>({{"read_requests", read_requests},
                                             {"read_chunks", read_chunks},
                                             {"read_target", read_target}}));
    const auto seeds = seeds_of(name);

    REQUIRE(seeds.size() >= 20);
    for (const auto& seed : seeds) {
        INFO(seed);
        CHECK_NOTHROW(target(read(seed)));
    }
}

TEST_CASE("every prefix of a seed holds it too") {
    const auto [name, target] = GENERATE(table<std::string, Target>(
        {{"read_requests", read_requests}, {"read_chunks", read_chunks}}));

    for (const auto& seed : seeds_of(name)) {
        const auto bytes = read(seed);
        for (std::size_t length = 0; length < std::min<std::size_t>(bytes.size(), 120); ++length) {
            INFO(seed << ", " << length << " bytes");
            CHECK_NOTHROW(target(std::string_view(bytes).substr(0, length)));
        }
    }
}

TEST_CASE("the conversation that the fuzzer watches has requests and refusals in it") {
    const std::string get = "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n";

    const auto said =
        whole(get + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabGET\r\n");

    REQUIRE(said.requests.size() == 2);
    CHECK(said.requests[0].query == "b");
    CHECK(said.requests[1].begin == get.size());
    CHECK(said.requests[1].body == "ab");
    CHECK(said.refusal == "http.bad_request_line");
    CHECK(said.refused_in_head);
}

}  // namespace fuzz
