#include "commands.hpp"
#include "loaded.hpp"

#include <bulkhead/request.hpp>

#include <iostream>

namespace bulkhead::app {

/// db/seeds/<module>.sql, embedded: the name is the module's, the value the script.
std::span<const NamedText> seeds();

namespace {

Result<int> seed(const CommandOptions& options) {
    const auto generation = load_migrated(options.config);
    if (!generation)
        return generation.error();
    for (const auto& [name, script] : seeds()) {
        const auto* found = status_of(**generation, name);
        if (found == nullptr || found->state != module::State::running) {
            std::cout << name << ": left out, the module does not run\n";
            continue;
        }
        if (auto done = db::run_script((*generation)->pool(), name, script); !done)
            return done.error();
        std::cout << name << ": seeded\n";
    }
    return exit_done;
}

}  // namespace

void add_seed(Program& program) {
    program.add("seed", "Put sample data into the database; again changes nothing", seed);
}

}  // namespace bulkhead::app
