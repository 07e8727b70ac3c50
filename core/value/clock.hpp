#pragma once

#include <bulkhead/clock.hpp>

#include <chrono>

namespace bulkhead::value {

/// The time at a moment that was just read from the steady clock, without reading a clock again.
/// A clock that is set is seen within 0.1 s of the thread's moments. Any thread.
Timestamp time_at(std::chrono::steady_clock::time_point moment);

}  // namespace bulkhead::value
