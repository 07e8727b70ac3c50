#include "commands.hpp"
#include "loaded.hpp"
#include "text_columns.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

using Migrations = std::vector<db::MigrationStatus>;

std::string for_people(const Migrations& migrations) {
    std::vector<std::vector<std::string>> lines{{"MODULE", "MIGRATION", "STATE", "APPLIED AT"}};
    for (const auto& one : migrations)
        lines.push_back({one.module, one.name, std::string(value::name_of(one.state)),
                         one.applied_at ? to_text(*one.applied_at) : "-"});
    return in_columns(lines);
}

Result<int> up(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    const auto applied = db::migrate_up((*generation)->pool(), (*generation)->migration_sets());
    if (!applied)
        return applied.error();
    if (options.json)
        std::cout << json::text_of(*applied) << '\n';
    else if (applied->empty())
        std::cout << "nothing to apply: the database is up to date\n";
    else
        std::cout << for_people(*applied);
    return exit_done;
}

Result<int> status(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    const auto known = db::migration_status((*generation)->pool(), (*generation)->migration_sets());
    if (!known)
        return known.error();
    std::cout << (options.json ? json::text_of(*known) + '\n' : for_people(*known));
    return exit_done;
}

}  // namespace

void add_migrate(Program& program) {
    auto& group = program.add_group("migrate", "Bring the database's tables up to date");
    program.offer_json(program.add(group, "up", "Apply what is pending", up));
    program.offer_json(
        program.add(group, "status", "List what is applied and what is pending", status));
}

}  // namespace bulkhead::app
