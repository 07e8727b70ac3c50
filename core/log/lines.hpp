#pragma once
// From each thread's lines to standard output (or error).

#include <atomic>
#include <string_view>

namespace bulkhead::log {

constexpr std::size_t write_bytes =
    65'536;                        ///< a thread's lines are written when there are as many
constexpr int blocked_ms = 1'000;  ///< a full pipe is waited for, then lines are dropped

/// Where to: set by log::start().
inline std::atomic<int> descriptor = 1;

/// Adds a line, without its line break, to those of this thread. Lines of one thread keep their
/// order; those of several are told apart by their times. Takes no lock, except to write.
void add_line(std::string_view line);

/// Writes out the lines of all threads, by whole lines. Any thread.
void write_lines();

/// The same for a signal handler: gives up if somebody writes and does not end.
void write_lines_while_crashing() noexcept;

}  // namespace bulkhead::log
