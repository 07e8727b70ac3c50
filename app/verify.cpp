#include "module/verify.hpp"

#include "commands.hpp"
#include "log/log.hpp"
#include "scratch.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

std::string line_of(const module::Breach& breach) {
    const auto kind = value::name_of(breach.boundary);
    return breach.module + ": " + std::string(kind) + ": found: " + breach.found +
           "; expected: " + breach.expected + "; remedy: " + breach.remedy + ".\n";
}

std::string count_of(std::size_t number, const std::string& noun, const std::string& plural) {
    return std::to_string(number) + " " + (number == 1 ? noun : plural);
}

std::string counts_of(const module::Verification& verification) {
    return count_of(verification.breaches.size(), "breach", "breaches") + " in " +
           count_of(verification.modules.size(), "module", "modules");
}

Result<module::Verification> verify_built(const std::filesystem::path& config) {
    log::start(LogLevel::error, log::Destination::standard_error);
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return configuration.error();
    const Scratch scratch(configuration->data_folder());
    configuration->scratch = scratch.path();
    return module::verify(*configuration);
}

Result<int> verify(const std::string& sources, const CommandOptions& options) {
    const auto verification =
        sources.empty() ? verify_built(options.config) : module::verify_sources(sources);
    if (!verification)
        return verification.error();
    const auto& breaches = verification->breaches;
    if (options.json)
        std::cout << json::text_of(*verification) << '\n';
    else
        for (const auto& breach : breaches)
            std::cout << line_of(breach);
    if (!breaches.empty())
        return refusal(counts_of(*verification) + "; the list names each with its remedy");
    if (!options.json)
        std::cout << counts_of(*verification) << '\n';
    return exit_done;
}

}  // namespace

void add_verify(Program& program) {
    auto sources = std::make_shared<std::string>();
    auto& command =
        program.add("verify", "Name every place where a module goes beyond its boundaries",
                    [sources](const CommandOptions& options) { return verify(*sources, options); });
    command.add_option("--source", *sources,
                       "Judge sources instead: the folder of one module, or of several");
    program.offer_json(command);
}

}  // namespace bulkhead::app
