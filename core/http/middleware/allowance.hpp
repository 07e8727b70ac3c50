#pragma once

#include <chrono>
#include <cstdint>

namespace bulkhead::http {

/// What a rate limit said to one request.
struct Allowance {
    bool granted = true;
    std::int32_t limit = 0;      ///< requests that are granted at once; 0: nobody has counted
    std::int32_t remaining = 0;  ///< of these, right now
    std::chrono::nanoseconds full_in{};   ///< until `remaining` is `limit` again
    std::chrono::nanoseconds retry_in{};  ///< until the next one is granted; 0 if this one was
};

}  // namespace bulkhead::http
