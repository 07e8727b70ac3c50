// The README's conversation, run from the README: a reader who types it must get what it says.

#include "support/process.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <sstream>

namespace {

struct Expected {
    std::string status;
    std::string text;  ///< what the answer must contain: an error code, a field, a key
};

std::string readme() {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/README.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

// The shell block below the heading.
std::string conversation(const std::string& text) {
    const auto heading = text.find("## A conversation");
    const auto start = text.find("```sh\n", heading) + 6;
    return text.substr(start, text.find("```", start) - start);
}

std::string pointed_at(std::string script, std::uint16_t port) {
    return std::regex_replace(script, std::regex("127\\.0\\.0\\.1:8080"),
                              "127.0.0.1:" + std::to_string(port));
}

std::vector<Expected> expectations(const std::string& script) {
    static const std::regex line("curl -i .*# (\\d{3})(?: (\\S+))?");
    std::vector<Expected> all;
    for (std::sregex_iterator at(script.begin(), script.end(), line), end; at != end; ++at)
        all.push_back({(*at)[1], (*at)[2]});
    return all;
}

std::size_t requests(const std::string& script) {
    static const std::regex request("^curl -i ", std::regex::multiline);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(script.begin(), script.end(), request), {}));
}

std::vector<std::string> answers(const std::string& output) {
    std::vector<std::string> all;
    for (auto at = output.find("HTTP/1.1 "); at != std::string::npos;) {
        const auto next = output.find("HTTP/1.1 ", at + 1);
        all.push_back(output.substr(at, next == std::string::npos ? next : next - at));
        at = next;
    }
    return all;
}

}  // namespace

TEST_CASE("the README's conversation answers as printed") {
    RunningServer server({.seeded = true});
    const auto printed = conversation(readme());
    const auto expected = expectations(printed);

    const auto run = run_to_end("/bin/bash", {"-eu", "-c", pointed_at(printed, server.port())});
    const auto given = answers(run.output);

    INFO(run.output << run.errors);
    CHECK(run.status == 0);
    REQUIRE(expected.size() == requests(printed));  // Each of them says what it gets.
    REQUIRE(given.size() == expected.size());
    for (std::size_t index = 0; index < expected.size(); ++index) {
        INFO("answer " << index + 1 << ": " << given[index]);
        CHECK(given[index].substr(9, 3) == expected[index].status);
        CHECK(given[index].find(expected[index].text) != std::string::npos);
    }
}
