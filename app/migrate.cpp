#include "commands.hpp"
#include "loaded.hpp"
#include "log/log.hpp"
#include "text_columns.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace bulkhead::app {
namespace {

using db::MigrationVerb;
using Migrations = std::vector<db::MigrationStatus>;
using Steps = std::vector<db::MigrationStep>;

struct Wanted {
    db::MigrationChoice choice;
    bool dry_run = false;
};

/// The database, and the files of the modules as far as the command needs them.
class Place {
public:
    /// With every module that can be loaded.
    static Result<Place> with_modules(const std::filesystem::path& config) {
        auto loaded = load(config);
        if (!loaded)
            return std::move(loaded.error());
        Place place;
        place.loaded_.emplace(*std::move(loaded));
        return place;
    }
    /// For what needs the ledger alone, whatever the modules are up to.
    static Result<Place> without_modules(const std::filesystem::path& config) {
        log::start(LogLevel::error, log::Destination::standard_error);
        const auto configuration = module::load_configuration(config);
        if (!configuration)
            return configuration.error();
        Place place;
        place.pool_ =
            std::make_unique<db::Pool>(configuration->database, configuration->document->folder());
        return place;
    }

    db::Pool& pool() { return loaded_ ? (*loaded_)->pool() : *pool_; }
    std::vector<db::MigrationSet> sets() const {
        return loaded_ ? (*loaded_)->migration_sets() : std::vector<db::MigrationSet>{};
    }
    /// The modules that are enabled and whose files are not known all the same.
    std::vector<module::ModuleStatus> left_out() const {
        if (!loaded_)
            return {};
        auto modules = (*loaded_)->modules();
        const auto known = sets();
        std::erase_if(modules, [&known](const module::ModuleStatus& status) {
            return status.state == module::State::disabled ||
                   status.state == module::State::available ||
                   std::ranges::find(known, status.name, &db::MigrationSet::module) != known.end();
        });
        return modules;
    }

private:
    std::optional<Loaded> loaded_;
    std::unique_ptr<db::Pool> pool_;
};

std::string milliseconds(const std::optional<std::int64_t>& microseconds) {
    if (!microseconds)
        return "-";
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << static_cast<double>(*microseconds) / 1'000
         << " ms";
    return text.str();
}

std::string for_people(const Migrations& migrations) {
    std::vector<std::vector<std::string>> lines{
        {"MODULE", "MIGRATION", "CLASS", "STATE", "APPLIED AT", "TOOK"}};
    for (const auto& one : migrations)
        lines.push_back({one.module, one.name, std::string(value::name_of(one.migration_class)),
                         std::string(value::name_of(one.state)),
                         one.applied_at ? to_text(*one.applied_at) : "-",
                         milliseconds(one.duration_us)});
    return in_columns(lines);
}

/// At once, not at the end: the next one may take its time.
void tell(const db::MigrationStatus& done) {
    const auto name = db::full_name(done.module, done.name);
    if (done.state == db::MigrationState::applied)
        std::cout << "applied " << name << " (" << value::name_of(done.migration_class) << ", "
                  << milliseconds(done.duration_us) << ")" << std::endl;
    else
        std::cout << "undone " << name << std::endl;
}

void show_sql(const Steps& steps) {
    for (const auto& step : steps) {
        std::cout << "-- " << db::full_name(step.module, step.name) << " ("
                  << value::name_of(step.migration_class) << ", " << value::name_of(step.direction)
                  << ")\n"
                  << step.sql << (step.sql.ends_with('\n') ? "\n" : "\n\n");
    }
}

void show(const Steps& steps, const CommandOptions& options) {
    if (options.json)
        std::cout << json::text_of(steps) << '\n';
    else
        show_sql(steps);
}

Result<> tell_of_the_rest(Place& place) {
    const auto known = db::migration_status(place.pool(), place.sets());
    if (!known)
        return known.error();
    for (const auto& one : *known)
        if (one.state == db::MigrationState::pending &&
            one.migration_class == db::MigrationClass::contract)
            std::cout << db::full_name(one.module, one.name)
                      << " stays pending: `bulkhead migrate contract` applies it\n";
    for (const auto& status : place.left_out())
        std::cout << status.name << ": left out, its migrations are not known: " << status.reason
                  << '\n';
    return Done{};
}

Result<int> run_steps(Place& place, const Steps& steps, const CommandOptions& options) {
    const auto done = db::run_migrations(place.pool(), steps, [&](const auto& status) {
        if (!options.json)
            tell(status);
    });
    if (!done)
        return done.error();
    if (options.json)
        return std::cout << json::text_of(*done) << '\n', exit_done;
    if (done->empty())
        std::cout << "nothing to do: another process was first\n";
    return exit_done;
}

std::string_view nothing_to(MigrationVerb verb) {
    switch (verb) {
        case MigrationVerb::up:
            return "nothing to apply: the database is up to date\n";
        case MigrationVerb::contract:
            return "nothing to apply: no contract migration is pending\n";
        default:
            return "nothing to undo: no such migration is applied\n";
    }
}

Result<int> run_or_say(Place& place, const Steps& steps, MigrationVerb verb,
                       const CommandOptions& options) {
    if (!steps.empty() || options.json)
        return run_steps(place, steps, options);
    std::cout << nothing_to(verb);
    return exit_done;
}

Result<int> migrate(MigrationVerb verb, const Wanted& wanted, const CommandOptions& options) {
    auto place = verb == MigrationVerb::down ? Place::without_modules(options.config)
                                             : Place::with_modules(options.config);
    if (!place)
        return place.error();
    const auto steps = db::plan_migrations(place->pool(), place->sets(), verb, wanted.choice);
    if (!steps)
        return steps.error();
    if (wanted.dry_run)
        return show(*steps, options), exit_done;
    if (auto status = run_or_say(*place, *steps, verb, options); !status)
        return status;
    if (verb != MigrationVerb::up || options.json)
        return exit_done;
    const auto told = tell_of_the_rest(*place);
    return told ? Result<int>(exit_done) : Result<int>(told.error());
}

Result<int> status(const Wanted& wanted, const CommandOptions& options) {
    auto place = Place::with_modules(options.config);
    if (!place)
        return place.error();
    auto known = db::migration_status(place->pool(), place->sets());
    if (!known)
        return known.error();
    if (!wanted.choice.module.empty())
        std::erase_if(*known, [&](const auto& one) { return one.module != wanted.choice.module; });
    std::cout << (options.json ? json::text_of(*known) + '\n' : for_people(*known));
    return exit_done;
}

struct Command {
    const char* name;
    MigrationVerb verb;
    const char* summary;
    const char* to;  ///< what --to means; null: it takes none
};

constexpr Command commands[] = {
    {"up", MigrationVerb::up, "Apply what is pending, except contract migrations",
     "The last one to apply"},
    {"down", MigrationVerb::down, "Undo the newest one that was applied",
     "Undo all that were applied after this one, which stays"},
    {"contract", MigrationVerb::contract,
     "Apply pending contract migrations, and what is pending before them", "The last one to apply"},
    {"redo", MigrationVerb::redo, "Undo the newest one and apply its file again", nullptr}};

void add(Program& program, CLI::App& group, const Command& command) {
    auto wanted = std::make_shared<Wanted>();
    auto& added = program.add(group, command.name, command.summary,
                              [wanted, verb = command.verb](const auto& options) {
                                  return migrate(verb, *wanted, options);
                              });
    added.add_option("--module", wanted->choice.module, "Only those of this module");
    if (command.to != nullptr)
        added.add_option("--to", wanted->choice.to, command.to);
    added.add_flag("--dry-run", wanted->dry_run, "Print the SQL that would run; change nothing");
    program.offer_json(added);
}

}  // namespace

void add_migrate(Program& program) {
    auto& group = program.add_group("migrate", "Bring the database's tables up to date, or back");
    for (const auto& command : commands)
        add(program, group, command);
    auto wanted = std::make_shared<Wanted>();
    auto& shown =
        program.add(group, "status", "List what is applied and what is pending",
                    [wanted](const CommandOptions& options) { return status(*wanted, options); });
    shown.add_option("--module", wanted->choice.module, "Only those of this module");
    program.offer_json(shown);
}

}  // namespace bulkhead::app
