#pragma once

#include "module/plan.hpp"

namespace bulkhead::app {

/// A plan for people: what comes begins with +, what goes with -, what differs with ~, what will
/// not work with !; a summary last.
std::string for_people(const module::Plan& plan);

}  // namespace bulkhead::app
