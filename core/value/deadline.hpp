#pragma once

#include <bulkhead/deadline.hpp>

namespace bulkhead::value {

/// While it lives, the work on this thread is due then.
class DeadlineScope {
public:
    explicit DeadlineScope(std::chrono::steady_clock::time_point deadline);
    ~DeadlineScope();
    DeadlineScope(const DeadlineScope&) = delete;
    DeadlineScope& operator=(const DeadlineScope&) = delete;

private:
    std::chrono::steady_clock::time_point previous_;
};

}  // namespace bulkhead::value
