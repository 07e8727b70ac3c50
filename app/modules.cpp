#include "commands.hpp"
#include "loaded.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

Result<int> list_modules(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    const auto& modules = (*generation)->modules();
    std::cout << (options.json ? json::text_of(modules) + '\n' : states_in_columns(modules));
    return exit_done;
}

}  // namespace

void add_modules(Program& program) {
    program.offer_json(
        program.add("modules", "List the modules, their states and reasons", list_modules));
}

}  // namespace bulkhead::app
