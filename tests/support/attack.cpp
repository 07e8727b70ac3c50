#include "support/attack.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

namespace {

using Finish = Script::Finish;
using std::chrono::milliseconds;

constexpr milliseconds drip_pause{100};
constexpr std::int64_t without_end = 1'000'000'000;
constexpr std::int64_t upload_bytes = 100'000'000;
constexpr std::int64_t block_bytes = 65'536;
constexpr int pipelined = 2'000;
constexpr int greedy = 500;  // Documents that a slow reader asks for.
constexpr std::size_t bomb_bytes = 262'144;

std::string get(std::string_view path, std::string_view more_headers = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more_headers) +
           "\r\n";
}

// Any route that reads a body as JSON does; this one is open.
std::string post(std::string_view framing, std::string_view body = {}) {
    return "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
           std::string(framing) + "\r\n\r\n" + std::string(body);
}

std::string counted(std::string_view body) {
    return post("Content-Length: " + std::to_string(body.size()), body);
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (; times > 0; --times)
        all += text;
    return all;
}

Script slow_headers(int) {
    return {.opening = "GET /health HTTP/1.1\r\nHost: a\r\n",
            .drip = "X-Slow: 1\r\n",
            .drips = without_end,
            .pause = drip_pause};
}

Script slow_bodies(int number) {
    if (number % 2 == 0)
        return {.opening = post("Content-Length: 1000000"),
                .drip = " ",
                .drips = without_end,
                .pause = drip_pause};
    return {.opening = post("Transfer-Encoding: chunked"),
            .drip = "1\r\n \r\n",
            .drips = without_end,
            .pause = drip_pause};
}

Script slow_readers(int) {
    return {.opening = repeated(get("/openapi.json"), greedy),
            .reads = false,
            .receive_buffer_bytes = 4'096};
}

Script idle(int) {
    return {.opening = get("/health")};
}

Script silent(int) {
    return {};
}

Script header_bombs(int number) {
    switch (number % 4) {
        case 0:
            return {.opening = get("/" + std::string(bomb_bytes, 'a'))};
        case 1:
            return {.opening = get("/health", "X-Bomb: " + std::string(bomb_bytes, 'a') + "\r\n")};
        case 2:
            return {.opening = get("/health", repeated("a: b\r\n", 1'000))};
        default:
            return {.opening = std::string(bomb_bytes, 'A')};
    }
}

Script uploads(int number) {
    if (number % 2 == 0)
        return {.opening = post("Content-Length: " + std::to_string(upload_bytes)),
                .drip = std::string(block_bytes, 'x'),
                .drips = upload_bytes / block_bytes};
    return {.opening = post("Transfer-Encoding: chunked"),
            .drip = "10000\r\n" + std::string(block_bytes, 'x') + "\r\n",
            .drips = upload_bytes / block_bytes};
}

// Just within the limit, and held open: what bodies cost at most.
Script large_bodies(int) {
    return {.opening = post("Content-Length: 1048576", std::string(1'048'575, ' ')),
            .drip = {},
            .drips = 0};
}

Script half_closed(int number) {
    switch (number % 4) {
        case 0:
            return {.finish = Finish::half_close};
        case 1:
            return {.opening = "GET /health HT", .finish = Finish::half_close};
        case 2:
            return {.opening = post("Content-Length: 10", "half"), .finish = Finish::half_close};
        default:
            return {.opening = repeated(get("/health"), 3), .finish = Finish::half_close};
    }
}

Script resets(int number) {
    switch (number % 6) {
        case 0:
            return {.finish = Finish::reset};
        case 1:
            return {.opening = "GET /health HT", .finish = Finish::reset};
        case 2:
            return {.opening = post("Content-Length: 10", "half"), .finish = Finish::reset};
        case 3:  // A worker has it.
            return {.opening = repeated(get("/ready"), 20), .finish = Finish::reset};
        case 4:  // In mid-response.
            return {.opening = repeated(get("/openapi.json"), 100),
                    .receive_buffer_bytes = 4'096,
                    .finish = Finish::reset,
                    .finish_after_bytes = 1'000};
        default:
            return {.opening = counted("{}"), .finish = Finish::leave};
    }
}

Script churn(int number) {
    return {.opening = get(number % 2 == 0 ? "/health" : "/ready"),
            .finish = Finish::leave,
            .finish_after_bytes = 1};
}

Script accept_storm(int) {
    return {.finish = Finish::leave};
}

// Every second one has something wrong with it.
Script pipeline_flood(int) {
    const auto four = get("/health") + get("/nowhere") + counted("{") +
                      "DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n";
    return {.opening = repeated(four, pipelined / 4) + get("/health", "Connection: close\r\n")};
}

Script one_byte_segments(int number) {
    auto request = number % 2 == 0 ? get("/health") : counted("{}");
    return {.opening = std::move(request), .piece_bytes = 1, .finish = Finish::half_close};
}

Script one_byte_chunks(int) {
    return {.opening =
                post("Transfer-Encoding: chunked") + repeated("1\r\n \r\n", 50'000) + "0\r\n\r\n",
            .finish = Finish::half_close};
}

// The same for each number: what was found once is found again.
Script garbage(int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    const auto below = [&](std::size_t limit) { return random() % limit; };
    auto bytes = number % 2 == 0 ? get("/health") + counted("{}") +
                                       post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")
                                 : std::string(1 + below(4'000), '\0');
    const auto changes = number % 2 == 0 ? 1 + below(8) : bytes.size();
    for (std::size_t change = 0; change < changes; ++change)
        bytes[number % 2 == 0 ? below(bytes.size()) : change] = static_cast<char>(below(256));
    return {.opening = std::move(bytes), .finish = Finish::half_close};
}

constexpr std::array<Attack, 16> attacks{{
    {"slow_headers", "never ends its headers", 500, slow_headers},
    {"slow_bodies", "sends its body byte by byte", 500, slow_bodies},
    {"slow_readers", "asks for much and reads nothing", 200, slow_readers},
    {"idle", "asks once and stays", 1'000, idle},
    {"silent", "connects and says nothing", 1'000, silent},
    {"header_bombs", "sends headers without measure", 200, header_bombs},
    {"uploads", "sends 100 MB where 1 MiB is taken", 20, uploads},
    {"large_bodies", "keeps back the last byte of 1 MiB", 100, large_bodies},
    {"half_closed", "ends its side wherever it likes", 500, half_closed},
    {"resets", "resets its connection in each phase", 500, resets},
    {"churn", "connects anew for each request", 500, churn},
    {"accept_storm", "connects and leaves", 1'000, accept_storm},
    {"pipeline_flood", "sends 2000 requests at once, half of them wrong", 50, pipeline_flood},
    {"one_byte_segments", "sends each byte alone", 200, one_byte_segments},
    {"one_byte_chunks", "sends each byte of its body as a chunk", 50, one_byte_chunks},
    {"garbage", "sends noise and broken requests", 500, garbage},
}};

}  // namespace

std::span<const Attack> all_attacks() {
    return attacks;
}

const Attack& attack_named(std::string_view name) {
    const auto* const found = std::ranges::find(attacks, name, &Attack::name);
    if (found != attacks.end())
        return *found;
    std::string names;
    for (const auto& attack : attacks)
        names.append(names.empty() ? "" : ", ").append(attack.name);
    throw std::runtime_error("there is no attack \"" + std::string(name) + "\"; there are " +
                             names);
}

std::vector<Script> scripts_of(const Attack& attack, int connections) {
    std::vector<Script> scripts;
    for (int number = 0; number < connections; ++number)
        scripts.push_back(attack.script(number));
    return scripts;
}
