#include "loaded.hpp"

#include "log/log.hpp"
#include "program.hpp"
#include "text_columns.hpp"
#include "value/enum_name.hpp"

#include <algorithm>

namespace bulkhead::app {
namespace {

Result<module::Configuration> configuration_of(const std::filesystem::path& config) {
    log::start(LogLevel::error, log::Destination::standard_error);
    return module::load_configuration(config);
}

Result<Loaded> loaded_from(module::Configuration configuration, std::unique_ptr<Scratch> scratch) {
    auto generation =
        module::Generation::create(std::move(configuration), {.migrate = module::Migrate::no});
    if (!generation)
        return std::move(generation.error());
    return Loaded(std::move(scratch), *std::move(generation));
}

}  // namespace

Result<Loaded> load(const std::filesystem::path& config, const std::string& database_url) {
    auto configuration = configuration_of(config);
    if (!configuration)
        return configuration.error();
    if (!database_url.empty())
        configuration->database.url = database_url;
    auto scratch = std::make_unique<Scratch>(configuration->data_folder());
    configuration->scratch = scratch->path();
    return loaded_from(*std::move(configuration), std::move(scratch));
}

Result<Loaded> load_migrated(const std::filesystem::path& config) {
    auto configuration = configuration_of(config);
    if (!configuration)
        return configuration.error();
    auto generation = loaded_from(*std::move(configuration), nullptr);
    if (!generation)
        return generation;
    if (auto current = db::refuse_pending((*generation)->pool(), (*generation)->migration_sets());
        !current)
        return current.error();
    return generation;
}

const module::ModuleStatus* status_of(const module::Generation& generation, std::string_view name) {
    const auto& modules = generation.modules();
    const auto found = std::ranges::find(modules, name, &module::ModuleStatus::name);
    return found == modules.end() ? nullptr : &*found;
}

std::string states_in_columns(const std::vector<module::ModuleStatus>& modules) {
    std::vector<std::vector<std::string>> lines{{"MODULE", "VERSION", "STATE", "REASON"}};
    for (const auto& status : modules)
        lines.push_back({status.name, or_dash(status.version),
                         std::string(value::name_of(status.state)), status.reason});
    return in_columns(lines);
}

}  // namespace bulkhead::app
