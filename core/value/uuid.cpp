#include "value/hex.hpp"

#include <bulkhead/clock.hpp>
#include <bulkhead/id.hpp>

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>

namespace bulkhead {
namespace {

using value::hex_digits;
using value::hex_value;

constexpr std::uint32_t counter_end = 1U << 12;

// One system call an id: a buffer of random bytes would be shared by both sides of a fork.
std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    while (getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "getrandom");
    return bits;
}

struct Tick {
    std::uint64_t milliseconds;
    std::uint32_t counter;
};

// RFC 9562, 6.2, method 1: a counter that begins at a random value in the lower half of its range
// in each millisecond. A clock that was set back, or a full counter, borrows from the future.
Tick next_tick(std::uint32_t seed) {
    static std::mutex mutex;
    static Tick last{0, 0};
    const auto present = std::chrono::floor<std::chrono::milliseconds>(now()).time_since_epoch();
    const auto milliseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(present.count(), 0));

    const std::lock_guard lock(mutex);
    if (milliseconds > last.milliseconds)
        last = {milliseconds, seed % (counter_end / 2)};
    else if (++last.counter == counter_end)
        last = {last.milliseconds + 1, seed % (counter_end / 2)};
    return last;
}

constexpr bool dash_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

Uuid Uuid::fresh() {
    std::uint64_t random = random_bits();
    const auto [milliseconds, counter] = next_tick(static_cast<std::uint32_t>(random >> 32));
    Uuid made;
    for (std::size_t index = 0; index < 6; ++index)
        made.bytes[index] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * index));
    made.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
    made.bytes[7] = static_cast<std::uint8_t>(counter);
    for (std::size_t index = 8; index < 16; ++index, random >>= 8)
        made.bytes[index] = static_cast<std::uint8_t>(random);
    made.bytes[8] = static_cast<std::uint8_t>(0x80 | (made.bytes[8] & 0x3F));
    return made;
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
    std::string text;
    text.reserve(36);
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        if (dash_before(index))
            text += '-';
        text += hex_digits[bytes[index] >> 4];
        text += hex_digits[bytes[index] & 0xF];
    }
    return text;
}

}  // namespace bulkhead
