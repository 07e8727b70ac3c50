#pragma once

#include "http/chain.hpp"

#include <map>

namespace bulkhead::http {

/// Says on each reply to a module's route which version of the module has answered:
/// `X-Module-Version: orders/1.1.0`. Off unless middleware.order names it; what a layer outside of
/// it answers does not say it. The core's own routes have none.
class ModuleVersion final : public Middleware {
public:
    explicit ModuleVersion(const Blueprint& blueprint);
    void leave(Exchange& exchange) override;

private:
    std::map<std::string, std::string> line_of_;  ///< by module
};

}  // namespace bulkhead::http
