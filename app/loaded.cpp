#include "loaded.hpp"

#include "log/log.hpp"
#include "program.hpp"
#include "text_columns.hpp"

#include <algorithm>

namespace bulkhead::app {
namespace {

Result<> refuse_pending(module::Generation& generation) {
    const auto known = db::migration_status(generation.pool(), generation.migration_sets());
    if (!known)
        return known.error();
    const auto pending =
        std::ranges::count(*known, db::MigrationState::pending, &db::MigrationStatus::state);
    if (pending > 0)
        return refusal("the database lacks " + std::to_string(pending) +
                       " migrations; run `bulkhead migrate up` first");
    return Done{};
}

}  // namespace

Result<Loaded> load(const std::filesystem::path& config) {
    log::start(LogLevel::error, log::Destination::standard_error);
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return configuration.error();
    return module::Generation::create(*std::move(configuration), {.migrate = module::Migrate::no});
}

Result<Loaded> load_migrated(const std::filesystem::path& config) {
    auto generation = load(config);
    if (!generation)
        return generation;
    if (auto current = refuse_pending(**generation); !current)
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
                         std::string(names(status.state)[static_cast<std::size_t>(status.state)]),
                         status.reason});
    return in_columns(lines);
}

}  // namespace bulkhead::app
