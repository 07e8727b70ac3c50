#include "http/openapi.hpp"
#include "commands.hpp"
#include "loaded.hpp"

#include <iostream>

namespace bulkhead::app {
namespace {

Result<int> print_document(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    std::cout << http::openapi((*generation)->application().routes(), BULKHEAD_VERSION) << '\n';
    return exit_done;
}

}  // namespace

void add_openapi(Program& program) {
    program.add("openapi", "Print the OpenAPI 3.1 document of the running modules", print_document);
}

}  // namespace bulkhead::app
