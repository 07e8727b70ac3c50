#pragma once

#include <chrono>

namespace bulkhead::cache {

/// By this the values of all caches grow old: the steady clock, and what let_pass() has added. Any
/// thread.
std::chrono::steady_clock::time_point moment();

/// Makes every value of this process so much older. For tests; any thread.
void let_pass(std::chrono::milliseconds by);

}  // namespace bulkhead::cache
