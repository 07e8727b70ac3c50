#pragma once
// What applying a configuration would do, before it is done: a comparison of data with data.

#include "db/migration_set.hpp"
#include "module/changes.hpp"

namespace bulkhead::module {

/// A migration that the database lacks. An `expand` one is applied before the modules start, a
/// `contract` one stays pending.
struct PendingMigration {
    std::string module;
    std::string name;
    db::MigrationClass migration_class = db::MigrationClass::expand;

    static auto fields() {
        return shape(field("module", &PendingMigration::module),
                     field("name", &PendingMigration::name),
                     field("class", &PendingMigration::migration_class));
    }
};

/// What `bulkhead plan --json` prints. Modules are sorted by name, routes by pattern and method,
/// settings by key, migrations in the order in which they run.
struct Plan {
    /// What there is to do. `log_level`: nothing but log.level changes, at once and without a new
    /// generation; `restart`: nothing but what needs one; `start`: no server runs.
    enum class Action : std::uint8_t { nothing, log_level, restart, generation, start };
    friend constexpr std::array<std::string_view, 5> names(Action) {
        return {"nothing", "log_level", "restart", "generation", "start"};
    }

    std::optional<std::int64_t> generation;  ///< that serves now; none when no server runs
    Action action = Action::nothing;
    std::string refusal;  ///< one sentence: what speaks against it; empty when nothing does
    std::vector<ModuleChange> modules;
    std::vector<PendingMigration> migrations;
    std::vector<RouteChange> routes;
    std::vector<SettingChange> settings;  ///< none for a start: there is nothing to change from

    static auto fields() {
        return shape(field("generation", &Plan::generation), field("action", &Plan::action),
                     field("refusal", &Plan::refusal), field("modules", &Plan::modules),
                     field("migrations", &Plan::migrations), field("routes", &Plan::routes),
                     field("settings", &Plan::settings));
    }
};

/// From what serves (nothing: no server runs) to `next`. Refused in the plan: an enabled module
/// that would not run, unless it does not run now either.
Plan plan_of(const std::optional<Description>& serving, const Description& next,
             std::vector<PendingMigration> pending);

/// The sentence of a plan that comes to nothing as a whole, because of `why`.
std::string refusal_of(const std::optional<Description>& serving, const std::string& why);

}  // namespace bulkhead::module
