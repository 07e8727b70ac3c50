#pragma once

#include "module/breach.hpp"
#include "module/contracts.hpp"
#include "module/subject.hpp"

#include <span>

namespace bulkhead::module {

/// Contracts that a module uses without needing who offers them, and needs that it never uses.
/// `uses` are what its constructor asked for; where it was not constructed, its texts still hold
/// the names of contracts and topics, which begin with the module that offers them:
/// "stock.shelf/1". `modules` are all that there are.
std::vector<Breach> need_breaches(const Subject& subject, std::span<const ContractUse> uses,
                                  std::span<const std::string> modules);

}  // namespace bulkhead::module
