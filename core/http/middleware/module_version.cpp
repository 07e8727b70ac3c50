#include "http/middleware/module_version.hpp"

#include "http/application.hpp"

namespace bulkhead::http {

ModuleVersion::ModuleVersion(const Blueprint& blueprint) {
    for (const auto& [module, version] : blueprint.module_versions)
        line_of_.emplace(module, "X-Module-Version: " + module + "/" + version + "\r\n");
}

void ModuleVersion::leave(Exchange& exchange) {
    if (exchange.route == nullptr)
        return;
    if (const auto line = line_of_.find(exchange.route->module); line != line_of_.end())
        exchange.header_lines += line->second;
}

}  // namespace bulkhead::http
