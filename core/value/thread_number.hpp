#pragma once

#include <cstddef>

namespace bulkhead::value {

/// A number of this thread from 0, which no two living threads share: the least that is free when
/// it is first asked for. Whoever gets that of an ended thread sees all that it did. Any thread;
/// one that is ending has `no_thread_number`.
std::size_t thread_number();

constexpr std::size_t no_thread_number = static_cast<std::size_t>(-1);

}  // namespace bulkhead::value
