#include "value/uuid.hpp"

#include "value/hex.hpp"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
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
    constexpr std::uint64_t variant = 0x8000000000000000;
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

/// The eight digits of four bytes, in the order of the text: each nibble is spread into a byte of
/// its own, and those from ten on are moved from behind '9' to 'a'.
std::uint64_t hex_of_four(const std::uint8_t* bytes) {
    std::uint32_t four = 0;
    std::memcpy(&four, bytes, sizeof four);
    if constexpr (std::endian::native == std::endian::little)
        four = __builtin_bswap32(four);
    std::uint64_t spread = four;
    spread = (spread | spread << 16) & 0x0000FFFF0000FFFF;
    spread = (spread | spread << 8) & 0x00FF00FF00FF00FF;
    spread = (spread | spread << 4) & 0x0F0F0F0F0F0F0F0F;
    constexpr std::uint64_t in_each_byte = 0x0101010101010101;
    const auto from_ten_on = (spread + 6 * in_each_byte) >> 4 & in_each_byte;
    const auto digits = spread + '0' * in_each_byte + from_ten_on * ('a' - '9' - 1);
    return std::endian::native == std::endian::little ? __builtin_bswap64(digits) : digits;
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
    std::array<char, 32> hex;
    for (std::size_t at = 0; at < uuid.bytes.size(); at += 4) {
        const auto eight = hex_of_four(uuid.bytes.data() + at);
        std::memcpy(hex.data() + 2 * at, &eight, sizeof eight);
    }
    to[8] = to[13] = to[18] = to[23] = '-';
    std::memcpy(to, hex.data(), 8);
    std::memcpy(to + 9, hex.data() + 8, 4);
    std::memcpy(to + 14, hex.data() + 12, 4);
    std::memcpy(to + 19, hex.data() + 16, 4);
    std::memcpy(to + 24, hex.data() + 20, 12);
    return to + uuid_text_bytes;
}

}  // namespace value

}  // namespace bulkhead
