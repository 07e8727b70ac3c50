#pragma once

#include "module/breach.hpp"
#include "module/module_sources.hpp"

#include <span>

namespace bulkhead::module {

/// What the sources of a module include but must not see: another module's insides, an api/ of a
/// module that it does not need, the core's inner headers, a library behind the core's walls, and
/// from its api/ what lies outside of it. And needs of which no api/ is included.
std::vector<Breach> include_breaches(std::span<const ModuleSources> modules);

}  // namespace bulkhead::module
