#pragma once

#include <bulkhead/log.hpp>

#include <cstdint>

namespace bulkhead::module {

/// Raises the soft limit of open files (getrlimit(2)) to the hard one: the soft one, often 1,024,
/// is for programs that use select(2). Warns with the remedy where even that leaves too few for
/// `connections` clients.
void raise_descriptor_limit(const Log& log, std::int32_t connections);

}  // namespace bulkhead::module
