#include "db/back_off.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause(20);
constexpr milliseconds longest_pause(500);

}  // namespace

void BackOff::refuse_while_waiting() {
    const std::lock_guard lock(mutex_);
    if (last_ && Clock::now() < until_)
        throw Failure(*last_);
}

bool BackOff::waiting() {
    const std::lock_guard lock(mutex_);
    return last_ && Clock::now() < until_;
}

void BackOff::failed(const Failure& failure) {
    const std::lock_guard lock(mutex_);
    // Several may have tried at once: that counts as one attempt.
    if (last_ && Clock::now() < until_)
        return;
    last_.emplace(failure);
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    until_ = Clock::now() + pause_;
}

void BackOff::succeeded() {
    const std::lock_guard lock(mutex_);
    last_.reset();
    pause_ = {};
}

}  // namespace bulkhead::db
