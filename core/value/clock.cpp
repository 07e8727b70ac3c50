#include "value/clock.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

namespace bulkhead {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t running = std::numeric_limits<std::int64_t>::min();
std::atomic<std::int64_t> stopped_at{running};

constexpr Timestamp first_time{
    std::chrono::sys_days{std::chrono::year{0} / std::chrono::January / 1}};
constexpr Timestamp last_time =
    Timestamp{std::chrono::sys_days{std::chrono::year{10000} / std::chrono::January / 1}} -
    microseconds{1};

/// Writes `number` into `width` digits that end before `end`.
void put(char* end, int width, std::int64_t number) {
    for (; width > 0; --width, number /= 10)
        *--end = static_cast<char>('0' + number % 10);
}

/// Reads from the front of a text; once anything is not as expected, `ok` stays false.
struct Cursor {
    std::string_view rest;
    bool ok = true;

    int digits(std::size_t count, int highest) {
        int number = 0;
        for (; count > 0; --count)
            number = number * 10 + digit();
        ok = ok && number <= highest;
        return number;
    }
    int digit() {
        ok = ok && at_digit();
        return ok ? take() - '0' : 0;
    }
    bool at_digit() const { return !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; }
    /// One of these characters; 0 if none.
    char any_of(std::string_view allowed) {
        ok = ok && !rest.empty() && allowed.find(rest[0]) != std::string_view::npos;
        return ok ? take() : '\0';
    }
    char take() {
        const char first = rest[0];
        rest.remove_prefix(1);
        return first;
    }
};

std::chrono::sys_days read_date(Cursor& in) {
    const int year = in.digits(4, 9999);
    in.any_of("-");
    const int month = in.digits(2, 12);
    in.any_of("-");
    const int day = in.digits(2, 31);
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    in.ok = in.ok && date.ok();
    return in.ok ? std::chrono::sys_days{date} : std::chrono::sys_days{};
}

std::chrono::seconds read_time(Cursor& in) {
    const int hour = in.digits(2, 23);
    in.any_of(":");
    const int minute = in.digits(2, 59);
    in.any_of(":");
    const int second = in.digits(2, 59);
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

microseconds read_fraction(Cursor& in) {
    if (!in.ok || !in.rest.starts_with('.'))
        return {};
    in.take();
    int nanoseconds = in.digit();
    int width = 1;
    for (; in.at_digit() && width < 9; ++width)
        nanoseconds = nanoseconds * 10 + in.digit();
    for (; width < 9; ++width)
        nanoseconds *= 10;
    return microseconds{nanoseconds / 1000};
}

std::chrono::minutes read_offset(Cursor& in) {
    const char sign = in.any_of("Zz+-");
    if (sign != '+' && sign != '-')
        return {};
    const int hour = in.digits(2, 23);
    in.any_of(":");
    const int minute = in.digits(2, 59);
    const auto offset = std::chrono::hours{hour} + std::chrono::minutes{minute};
    return sign == '+' ? offset : -offset;
}

}  // namespace

Timestamp now() {
    const std::int64_t stopped = stopped_at.load(std::memory_order_relaxed);
    if (stopped != running)
        return Timestamp{microseconds{stopped}};
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

std::string to_text(Timestamp time) {
    time = std::clamp(time, first_time, last_time);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text = "0000-00-00T00:00:00.000000Z";
    put(&text[4], 4, static_cast<int>(date.year()));
    put(&text[7], 2, static_cast<unsigned>(date.month()));
    put(&text[10], 2, static_cast<unsigned>(date.day()));
    put(&text[13], 2, clock.hours().count());
    put(&text[16], 2, clock.minutes().count());
    put(&text[19], 2, clock.seconds().count());
    put(&text[26], 6, clock.subseconds().count());
    return text;
}

std::optional<Timestamp> timestamp_from(std::string_view text) {
    Cursor in{text};
    Timestamp time{read_date(in)};
    in.any_of("Tt");
    time += read_time(in);
    time += read_fraction(in);
    time -= read_offset(in);
    if (!in.ok || !in.rest.empty() || time < first_time || time > last_time)
        return {};
    return time;
}

namespace value {

namespace {

using Steady = std::chrono::steady_clock;

/// One moment as both clocks told it.
struct Meeting {
    Steady::time_point moment{};
    std::chrono::system_clock::time_point time{};

    bool is_near(Steady::time_point other) const {
        constexpr std::chrono::milliseconds near{100};
        return other < moment + near && moment < other + near;
    }
};

[[gnu::tls_model("initial-exec")]] thread_local constinit Meeting last_meeting{};

}  // namespace

Timestamp time_at(Steady::time_point moment) {
    const std::int64_t stopped = stopped_at.load(std::memory_order_relaxed);
    if (stopped != running)
        return Timestamp{microseconds{stopped}};
    auto& meeting = last_meeting;
    if (!meeting.is_near(moment))
        meeting = {Steady::now(), std::chrono::system_clock::now()};
    return std::chrono::floor<microseconds>(meeting.time + (moment - meeting.moment));
}

}  // namespace value

StoppedClock::StoppedClock(Timestamp at) {
    stopped_at = at.time_since_epoch().count();
}
StoppedClock::~StoppedClock() {
    stopped_at = running;
}

void StoppedClock::advance(microseconds by) {
    stopped_at += by.count();
}

}  // namespace bulkhead
