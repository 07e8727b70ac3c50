#pragma once
// Wall-clock time as Bulkhead stores and shows it: UTC with microseconds.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// The present moment; any thread. Tests stop it with StoppedClock.
Timestamp now();

/// RFC 3339 in its one fixed width, so that text order is time order:
/// "2026-11-20T10:21:10.123456Z".
std::string to_text(Timestamp time);

/// Reads RFC 3339 with `Z` or an offset and up to nine fractional digits (finer ones are cut);
/// empty for anything else.
std::optional<Timestamp> timestamp_from(std::string_view text);

/// While one lives, now() stands still at `at` in the whole process. For tests.
class StoppedClock {
public:
    explicit StoppedClock(Timestamp at);
    ~StoppedClock();
    StoppedClock(const StoppedClock&) = delete;
    StoppedClock& operator=(const StoppedClock&) = delete;

    void advance(std::chrono::microseconds by);
};

}  // namespace bulkhead
