#pragma once
// The tables of all modules, brought to where their files are, and back.

#include "db/migration_plan.hpp"
#include "db/pool.hpp"

#include <functional>

namespace bulkhead::db {

/// Told of each migration as soon as it is applied or undone, though a later one may fail.
using OnMigrated = std::function<void(const MigrationStatus&)>;
inline void tell_nobody(const MigrationStatus& /*unused*/) {}

/// What a command would run; changes nothing, makes no database.
Result<std::vector<MigrationStep>> plan_migrations(Pool& pool, std::span<const MigrationSet> sets,
                                                   MigrationVerb verb,
                                                   const MigrationChoice& choice = {});

/// Runs steps in their order, each in a transaction of its own together with its line in the
/// ledger, under one lock across all processes; who waited for it looks at the ledger again, so
/// that nothing is done twice. Undoing and applying the same one is one transaction. Returns what
/// was done. A step that fails leaves what it found, as does a process that is killed; those before
/// it stay.
Result<std::vector<MigrationStatus>> run_migrations(Pool& pool,
                                                    std::span<const MigrationStep> steps,
                                                    const OnMigrated& on_migrated = tell_nobody);

/// Both for everything that `up` applies.
Result<std::vector<MigrationStatus>> migrate_up(Pool& pool, std::span<const MigrationSet> sets,
                                                const OnMigrated& on_migrated = tell_nobody);

/// What migrate_up would refuse before it applies anything; changes nothing.
Result<> check_migrations(Pool& pool, std::span<const MigrationSet> sets);

/// Refused while expand migrations of these sets are pending; changes nothing.
Result<> refuse_pending(Pool& pool, std::span<const MigrationSet> sets);

/// Whether a start applies what is pending by itself, as database.migrate says.
bool migrates_at_start(const Pool& pool, const Options& options);

/// All of `sets` and all of the ledger; changes nothing.
Result<std::vector<MigrationStatus>> migration_status(Pool& pool,
                                                      std::span<const MigrationSet> sets);

/// Runs a script of several statements in one transaction: seeds.
Result<> run_script(Pool& pool, std::string_view name, std::string_view sql);

}  // namespace bulkhead::db
