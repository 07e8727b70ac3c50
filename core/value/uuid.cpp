#include "value/uuid.hpp"

#include "value/hex.hpp"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

namespace bulkhead {
namespace {

using value::hex_value;

constexpr int counter_bits = 12;
constexpr std::uint64_t counter_start = 0x7FF;  ///< in the lower half of its range

void fill_random(void* room, std::size_t bytes) {
    while (getrandom(room, bytes, 0) != static_cast<ssize_t>(bytes))
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "getrandom");
}

// One system call an id: a buffer of random bytes would be shared by both sides of a fork.
std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    fill_random(&bits, sizeof bits);
    return bits;
}

// RFC 9562, 6.2, method 1: a counter that begins at a random value in the lower half of its range
// in each millisecond. A clock that was set back, or a full counter, borrows from the future.
std::uint64_t tick_after(std::uint64_t last, Timestamp time, std::uint64_t random) {
    const auto present = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
    const auto milliseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(present.count(), 0));
    if (milliseconds > last >> counter_bits)
        return milliseconds << counter_bits | (random & counter_start);
    if ((last + 1) % (1U << counter_bits) != 0)
        return last + 1;
    return (last + 1) | (random & counter_start);
}

/// In network order.
void put(std::uint8_t* to, std::uint64_t number) {
    if constexpr (std::endian::native == std::endian::little)
        number = __builtin_bswap64(number);
    std::memcpy(to, &number, sizeof number);
}

Uuid assembled(std::uint64_t tick, std::uint64_t random) {
    constexpr std::uint64_t version = 0x7000;
    constexpr std::uint64_t variant = 0x8000'0000'0000'0000;
    const std::uint64_t counter = tick % (1U << counter_bits);
    Uuid made;
    put(made.bytes.data(), tick >> counter_bits << 16 | version | counter);
    put(made.bytes.data() + 8, variant | random >> 2);
    return made;
}

constexpr bool dash_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

Uuid Uuid::fresh() {
    static std::atomic<std::uint64_t> last{0};
    const auto random = random_bits();
    const auto time = now();
    auto before = last.load(std::memory_order_relaxed);
    auto tick = tick_after(before, time, random);
    while (!last.compare_exchange_weak(before, tick, std::memory_order_relaxed))
        tick = tick_after(before, time, random);
    return assembled(tick, random);
}

std::optional<Uuid> Uuid::from(std::string_view text) {
    if (text.size() != 36)
        return {};
    Uuid read;
    std::size_t at = 0;
    for (std::size_t index = 0; index < read.bytes.size(); ++index) {
        if (dash_before(index) && text[at++] != '-')
            return {};
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0)
            return {};
        read.bytes[index] = static_cast<std::uint8_t>(high << 4 | low);
        at += 2;
    }
    return read;
}

std::string Uuid::to_text() const {
    std::string text(value::uuid_text_bytes, '\0');
    value::write_text(text.data(), *this);
    return text;
}

namespace value {

namespace {

constexpr auto hex_pairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte)
        pairs[byte] = {hex_digits[byte >> 4], hex_digits[byte & 0xF]};
    return pairs;
}();

char* write_hex(char* to, std::span<const std::uint8_t> bytes) {
    for (const auto byte : bytes) {
        std::memcpy(to, hex_pairs[byte].data(), 2);
        to += 2;
    }
    return to;
}

std::mt19937_64 seeded() {
    std::array<std::uint32_t, 8> seed{};
    fill_random(seed.data(), sizeof seed);
    std::seed_seq sequence(seed.begin(), seed.end());
    return std::mt19937_64(sequence);
}

}  // namespace

UuidMaker::UuidMaker() : random_(seeded()) {}

Uuid UuidMaker::fresh(Timestamp time) {
    const std::uint64_t random = random_();
    last_ = tick_after(last_, time, random);
    return assembled(last_, random);
}

char* write_text(char* to, const Uuid& uuid) {
    const std::span<const std::uint8_t> bytes(uuid.bytes);
    to = write_hex(to, bytes.first(4));
    for (const std::size_t group : {4, 6, 8}) {
        *to++ = '-';
        to = write_hex(to, bytes.subspan(group, 2));
    }
    *to++ = '-';
    return write_hex(to, bytes.subspan(10));
}

}  // namespace value

}  // namespace bulkhead
