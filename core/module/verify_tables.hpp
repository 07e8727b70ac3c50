#pragma once

#include "module/breach.hpp"
#include "module/subject.hpp"

#include <span>

namespace bulkhead::module {

/// Tables of others in a module's SQL and migrations, and migrations that take something away
/// without saying so. A table belongs to whose texts create it; `subjects` are judged together.
std::vector<Breach> table_breaches(std::span<const Subject> subjects);

}  // namespace bulkhead::module
