#include "commands.hpp"
#include "loaded.hpp"
#include "module/description.hpp"
#include "text_columns.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

using module::RouteLine;

std::string for_people(const std::vector<RouteLine>& routes) {
    std::vector<std::vector<std::string>> lines{
        {"METHOD", "PATTERN", "MODULE", "SCOPE", "SUMMARY"}};
    for (const auto& route : routes)
        lines.push_back({route.method, route.pattern, route.module, route.scope.value_or("open"),
                         route.summary});
    return in_columns(lines);
}

Result<int> list_routes(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    const auto lines = module::describe(**generation).routes;
    std::cout << (options.json ? json::text_of(lines) + '\n' : for_people(lines));
    return exit_done;
}

}  // namespace

void add_routes(Program& program) {
    program.offer_json(
        program.add("routes", "List the routes of the running modules", list_routes));
}

}  // namespace bulkhead::app
