#pragma once

#include "module/breach.hpp"
#include "module/linkage.hpp"

#include <span>

namespace bulkhead::module {

/// What a built module is linked with but must not be: another module (one of `modules`, by name),
/// a library behind the core's walls, the inside of the core; and what it exports but its entry.
std::vector<Breach> link_breaches(const std::string& module, const Linkage& linkage,
                                  std::span<const std::string> modules);

}  // namespace bulkhead::module
