#include "db/migration_history.hpp"

#include "db/migration_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

constexpr std::size_t shown_checksum_digits = 12;

std::string shown(const std::string& checksum) {
    return checksum.substr(0, shown_checksum_digits);
}

MigrationStatus status_of(const LedgerLine& line, MigrationState state) {
    return {line.module, line.name, line.migration_class, state, line.applied_at, line.duration_us};
}

MigrationStatus status_of(const History::File& file, const LedgerLine* line) {
    if (line == nullptr)
        return {file.module,
                std::string(file.migration.name),
                class_of(file.migration),
                MigrationState::pending,
                std::nullopt,
                std::nullopt};
    const bool same = line->checksum == checksum_of(file.migration);
    return status_of(*line, same ? MigrationState::applied : MigrationState::edited);
}

Error edited(const History::File& file, const LedgerLine& line) {
    return Error(ErrorKind::conflict, "db.migration_edited",
                 "the migration " + full_name(line.module, line.name) +
                     " was edited after it was applied (applied: " + shown(line.checksum) +
                     ", now: " + shown(checksum_of(file.migration)) +
                     "): restore the file, and put what changed into a new migration");
}

Error unknown_contract(const LedgerLine& line) {
    return Error(ErrorKind::conflict, "db.migration_unknown",
                 "the database has the contract migration " + full_name(line.module, line.name) +
                     ", which this build of " + line.module +
                     " does not know, so what it needs may be gone: install the newer build, or "
                     "restore the database from before that migration");
}

Error unmarked(const std::string& file, const FoundStatement& loss) {
    return Error(ErrorKind::conflict, "db.migration_unmarked",
                 file + ".up.sql, line " + std::to_string(loss.line) + ": `" + loss.text +
                     "` takes away what an older build may still use: mark it with `-- contract` "
                     "as first line, or only add");
}

Error unknown_engine(const std::string& file, const Error& error) {
    return Error(error.kind, error.code, file + ", " + error.message);
}

}  // namespace

History::History(std::span<const MigrationSet> sets, std::vector<LedgerLine> ledger)
    : modules_{"core"}, ledger_(std::move(ledger)) {
    for (const auto& migration : core_migrations())
        files_.push_back({"core", migration});
    for (const auto& set : sets) {
        if (has(set.module))
            continue;
        modules_.push_back(set.module);
        for (const auto& migration : set.migrations)
            files_.push_back({set.module, migration});
    }
    std::ranges::sort(files_, {}, [](const File& file) {
        return std::tuple(file.module != "core", file.migration.name,
                          std::string_view(file.module));
    });
}

bool History::has(std::string_view module) const {
    return std::ranges::find(modules_, module) != modules_.end();
}

const LedgerLine* History::line_of(const File& file) const {
    const auto found = std::ranges::find_if(ledger_, [&file](const LedgerLine& line) {
        return line.module == file.module && line.name == file.migration.name;
    });
    return found == ledger_.end() ? nullptr : &*found;
}

const History::File* History::file_of(std::string_view module, std::string_view name) const {
    const auto found = std::ranges::find_if(files_, [module, name](const File& file) {
        return file.module == module && file.migration.name == name;
    });
    return found == files_.end() ? nullptr : &*found;
}

std::vector<MigrationStatus> History::statuses() const {
    std::vector<MigrationStatus> statuses;
    for (const auto& file : files_)
        statuses.push_back(status_of(file, line_of(file)));
    for (const auto& line : ledger_)
        if (file_of(line.module, line.name) == nullptr)
            statuses.push_back(status_of(line, MigrationState::unknown));
    return statuses;
}

Result<> History::acceptable() const {
    if (auto fine = refuse_edited(); !fine)
        return fine;
    if (auto fine = refuse_unknown(); !fine)
        return fine;
    for (const auto& file : files_)
        if (line_of(file) == nullptr)
            if (auto fine = refuse_text(file); !fine)
                return fine;
    return Done{};
}

Result<> History::refuse_edited() const {
    for (const auto& file : files_) {
        const auto* line = line_of(file);
        if (line != nullptr && status_of(file, line).state == MigrationState::edited)
            return edited(file, *line);
    }
    return Done{};
}

// Of a module that is not asked for nobody knows what it needs.
Result<> History::refuse_unknown() const {
    for (const auto& line : ledger_)
        if (line.migration_class == MigrationClass::contract && has(line.module) &&
            file_of(line.module, line.name) == nullptr)
            return unknown_contract(line);
    return Done{};
}

std::string full_name(std::string_view module, std::string_view name) {
    return std::string(module).append("/").append(name);
}

Result<> refuse_text(const History::File& file) {
    const auto& migration = file.migration;
    const auto name = full_name(file.module, migration.name);
    // Which engine is asked about makes no difference: all lines are looked at.
    if (auto up = text_for(Dialect::sqlite, migration.up); !up)
        return unknown_engine(name + ".up.sql", up.error());
    if (auto down = text_for(Dialect::sqlite, migration.down); !down)
        return unknown_engine(name + ".down.sql", down.error());
    if (class_of(migration) == MigrationClass::contract)
        return Done{};
    if (const auto loss = first_loss(migration.up); !loss.text.empty())
        return unmarked(name, loss);
    return Done{};
}

}  // namespace bulkhead::db
