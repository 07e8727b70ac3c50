#include "value/deadline.hpp"

#include <utility>

namespace bulkhead {

namespace {

using Clock = std::chrono::steady_clock;

thread_local Clock::time_point deadline = Clock::time_point::max();

}  // namespace

Clock::time_point current_deadline() {
    return deadline;
}

bool nobody_waits() {
    return deadline != Clock::time_point::max() && Clock::now() >= deadline;
}

value::DeadlineScope::DeadlineScope(Clock::time_point due)
    : previous_(std::exchange(deadline, due)) {}

value::DeadlineScope::~DeadlineScope() {
    deadline = previous_;
}

}  // namespace bulkhead
