#pragma once
// From each thread's lines to standard output (or error).

#include <atomic>
#include <string_view>

namespace bulkhead::log {

/// A thread's lines are written when there are as many. Where nobody reads them they are kept,
/// until there are twice as many; then these are lost, and counted.
constexpr std::size_t write_bytes = 65'536;

/// Where to: set by log::start().
inline std::atomic<int> descriptor = 1;

/// Adds a line, without its line break, to those of this thread. Lines of one thread keep their
/// order; those of several are told apart by their times. Takes no lock, except to write.
void add_line(std::string_view line);

/// Writes out the lines of all threads, by whole lines. Any thread.
void write_lines();

/// How many lines were lost since the last time, once somebody reads again; 0 before.
std::size_t take_lost_lines();

/// In a process that fork(2) has just made: the lines that wait are its parent's to write.
void forget_lines();

/// The same as write_lines() for a signal handler: gives up if somebody writes and does not end.
void write_lines_while_crashing() noexcept;

}  // namespace bulkhead::log
