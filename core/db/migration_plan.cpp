#include "db/migration_plan.hpp"

#include "db/sql_tables.hpp"
#include "db/sql_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

using Direction = MigrationStep::Direction;
using Steps = std::vector<MigrationStep>;
using Files = std::vector<History::File>;
using Lines = std::vector<LedgerLine>;

Error refused(std::string sentence) {
    return Error(ErrorKind::conflict, "db.migration_refused", std::move(sentence));
}

bool is_named(std::string_view wanted, std::string_view module, std::string_view name) {
    return wanted == name || wanted == full_name(module, name);
}

bool is_named(std::string_view wanted, const History::File& file) {
    return is_named(wanted, file.module, file.migration.name);
}

bool is_named(std::string_view wanted, const LedgerLine& line) {
    return is_named(wanted, line.module, line.name);
}

/// The place of the only one of this name.
template <class Named>
Result<std::size_t> place_of(const std::vector<Named>& all, const std::string& wanted,
                             const std::string& what) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < all.size(); ++place)
        if (is_named(wanted, all[place]))
            places.push_back(place);
    if (places.empty())
        return refused("no " + what + " is named '" + wanted +
                       "'; `bulkhead migrate status` lists all there are");
    if (places.size() > 1)
        return refused("'" + wanted + "' is in " + all[places[0]].module + " and in " +
                       all[places[1]].module + ": write `--to " + all[places[0]].module + "/" +
                       wanted + "`");
    return places[0];
}

Result<MigrationStep> step_up(const History::File& file, Dialect dialect) {
    const auto& migration = file.migration;
    auto text = text_for(dialect, migration.up);
    if (!text)
        return std::move(text.error());
    return MigrationStep{
        file.module,      std::string(migration.name), class_of(migration),        Direction::up,
        *std::move(text), checksum_of(migration),      std::string(migration.down)};
}

Result<Files> chosen_files(const History& history, const MigrationChoice& choice) {
    auto files = history.files();
    if (choice.module.empty())
        return files;
    if (std::ranges::find(files, choice.module, &History::File::module) == files.end())
        return refused("no module '" + choice.module +
                       "' with migrations is loaded here; `bulkhead modules` says why");
    std::erase_if(files, [&choice](const History::File& file) {
        return file.module != choice.module && file.module != "core";
    });
    return files;
}

bool is_contract(const History::File& file) {
    return class_of(file.migration) == MigrationClass::contract;
}

Result<Files> pending_files(const History& history, const MigrationChoice& choice) {
    if (auto fine = history.acceptable(); !fine)
        return std::move(fine.error());
    auto files = chosen_files(history, choice);
    if (!files)
        return files;
    if (!choice.to.empty()) {
        const auto last = place_of(*files, choice.to, "migration");
        if (!last)
            return last.error();
        files->resize(*last + 1);
    }
    std::erase_if(*files,
                  [&history](const auto& file) { return history.line_of(file) != nullptr; });
    return files;
}

Result<Steps> steps_up(const Files& files, Dialect dialect) {
    Steps steps;
    for (const auto& file : files) {
        auto step = step_up(file, dialect);
        if (!step)
            return std::move(step.error());
        steps.push_back(*std::move(step));
    }
    return steps;
}

Result<Steps> plan_up(const History& history, Dialect dialect, const MigrationChoice& choice) {
    auto files = pending_files(history, choice);
    if (!files)
        return std::move(files.error());
    if (!choice.to.empty() && !files->empty() && is_contract(files->back()) &&
        is_named(choice.to, files->back()))
        return refused(choice.to +
                       " is a contract migration, which takes something away: `bulkhead migrate "
                       "contract` applies it");
    std::erase_if(*files, is_contract);
    return steps_up(*files, dialect);
}

Result<Steps> plan_contract(const History& history, Dialect dialect,
                            const MigrationChoice& choice) {
    auto files = pending_files(history, choice);
    if (!files)
        return std::move(files.error());
    while (!files->empty() && !is_contract(files->back()))
        files->pop_back();
    return steps_up(*files, dialect);
}

bool drops_ledger(const LedgerLine& line) {
    const auto mentions = tables_in(line.down_text);
    return line.module == "core" && std::ranges::any_of(mentions, [](const TableMention& mention) {
               return mention.use == TableUse::dropped && mention.table == "schema_migrations";
           });
}

Result<MigrationStep> step_down(const LedgerLine& line, Dialect dialect) {
    const auto name = full_name(line.module, line.name);
    if (line.migration_class == MigrationClass::contract)
        return refused(name +
                       " is a contract migration: nothing brings back what it took away; "
                       "restore the database from before it");
    if (drops_ledger(line))
        return refused(name +
                       " made the ledger itself, which all others stand on: it is never "
                       "undone; remove the database instead");
    auto text = text_for(dialect, line.down_text);
    if (!text)
        return Error(text.error().kind, text.error().code,
                     name + ".down.sql, " + text.error().message);
    if (tokens_of(*text).empty())
        return refused(name +
                       " has no down text for this engine, so nothing undoes it; restore "
                       "the database from before it");
    return MigrationStep{line.module,      line.name,     line.migration_class, Direction::down,
                         *std::move(text), line.checksum, line.down_text};
}

Result<Lines> lines_of(const History& history, const std::string& module) {
    auto lines = history.ledger();
    if (!module.empty())
        std::erase_if(lines, [&module](const auto& line) { return line.module != module; });
    const auto& files = history.files();
    if (lines.empty() && !module.empty() &&
        std::ranges::find(files, module, &History::File::module) == files.end())
        return refused("nothing of a module '" + module +
                       "' was ever applied; `bulkhead migrate status` lists what was");
    return lines;
}

Result<Steps> plan_down(const History& history, Dialect dialect, const MigrationChoice& choice) {
    auto lines = lines_of(history, choice.module);
    if (!lines)
        return std::move(lines.error());
    auto staying = lines->empty() ? 0 : lines->size() - 1;
    if (!choice.to.empty()) {
        const auto newest = place_of(*lines, choice.to, "applied migration");
        if (!newest)
            return newest.error();
        staying = *newest + 1;
    }
    Steps steps;
    for (auto place = lines->size(); place > staying; --place) {
        auto step = step_down((*lines)[place - 1], dialect);
        if (!step)
            return std::move(step.error());
        steps.push_back(*std::move(step));
    }
    return steps;
}

Result<Steps> plan_redo(const History& history, Dialect dialect, const MigrationChoice& choice) {
    auto steps = plan_down(history, dialect, {choice.module, {}});
    if (!steps || steps->empty())
        return steps;
    const auto& undone = steps->front();
    const auto name = full_name(undone.module, undone.name);
    const auto* file = history.file_of(undone.module, undone.name);
    if (file == nullptr)
        return refused("the file of " + name +
                       " is not in this build, so that it could only be undone: `bulkhead migrate "
                       "down` does that");
    if (auto fine = refuse_text(*file); !fine)
        return std::move(fine.error());
    if (is_contract(*file))
        return refused("the file of " + name +
                       " is now marked `-- contract`: undo it by `bulkhead migrate down`");
    auto again = step_up(*file, dialect);
    if (!again)
        return std::move(again.error());
    steps->push_back(*std::move(again));
    return steps;
}

}  // namespace

Result<Steps> plan_migrations(const History& history, Dialect dialect, MigrationVerb verb,
                              const MigrationChoice& choice) {
    switch (verb) {
        case MigrationVerb::up:
            return plan_up(history, dialect, choice);
        case MigrationVerb::contract:
            return plan_contract(history, dialect, choice);
        case MigrationVerb::down:
            return plan_down(history, dialect, choice);
        case MigrationVerb::redo:
            return plan_redo(history, dialect, choice);
    }
    return Steps{};
}

}  // namespace bulkhead::db
