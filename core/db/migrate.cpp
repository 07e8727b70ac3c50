#include "db/migrate.hpp"

#include "db/ledger.hpp"
#include "db/transaction.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t shown_checksum_digits = 12;

struct Step {
    std::string module;
    Migration migration;
};

std::string name_of(std::string_view module, std::string_view name) {
    return std::string(module) + "/" + std::string(name);
}

bool is_core(const Step& step) {
    return step.module == "core";
}

/// In the order in which they are to run. The core's come first, for they make the ledger.
std::vector<Step> ordered(std::span<const MigrationSet> sets) {
    std::vector<Step> steps;
    for (const auto& set : sets)
        for (const auto& migration : set.migrations)
            steps.push_back({set.module, migration});
    if (std::ranges::find(sets, "core", &MigrationSet::module) == sets.end())
        for (const auto& migration : core_migrations())
            steps.push_back({"core", migration});
    std::ranges::stable_sort(steps, [](const Step& left, const Step& right) {
        return std::pair(!is_core(left), left.migration.name) <
               std::pair(!is_core(right), right.migration.name);
    });
    return steps;
}

const LedgerLine* find_line(const std::vector<LedgerLine>& ledger, const Step& step) {
    const auto found = std::ranges::find_if(ledger, [&step](const LedgerLine& line) {
        return line.module == step.module && line.name == step.migration.name;
    });
    return found == ledger.end() ? nullptr : &*found;
}

MigrationStatus status_of(const Step& step, const LedgerLine* line) {
    MigrationStatus status{step.module, std::string(step.migration.name), MigrationState::pending,
                           std::nullopt};
    if (line != nullptr) {
        const bool same = line->checksum == checksum_of(step.migration);
        status.state = same ? MigrationState::applied : MigrationState::edited;
        status.applied_at = line->applied_at;
    }
    return status;
}

/// Lines of these modules for which there is no file: applied by a newer build of the module.
std::vector<LedgerLine> unknown_lines(const std::vector<LedgerLine>& ledger,
                                      std::span<const MigrationSet> sets,
                                      const std::vector<Step>& steps) {
    std::vector<LedgerLine> unknown;
    for (const auto& line : ledger) {
        const bool asked_for =
            line.module == "core" ||
            std::ranges::find(sets, line.module, &MigrationSet::module) != sets.end();
        const auto same = [&line](const Step& step) {
            return step.module == line.module && step.migration.name == line.name;
        };
        if (asked_for && std::ranges::none_of(steps, same))
            unknown.push_back(line);
    }
    return unknown;
}

Error edited(const Step& step, const LedgerLine& line) {
    return Error(ErrorKind::conflict, "db.migration_edited",
                 "the migration " + name_of(step.module, step.migration.name) +
                     " was edited after it was applied (applied: " +
                     line.checksum.substr(0, shown_checksum_digits) +
                     ", now: " + checksum_of(step.migration).substr(0, shown_checksum_digits) +
                     "): restore the file, and put what changed into a new migration");
}

Error unknown_contract(const LedgerLine& line) {
    return Error(ErrorKind::conflict, "db.migration_unknown",
                 "the database has the contract migration " + name_of(line.module, line.name) +
                     ", which this build of " + line.module +
                     " does not know, so what it needs may be gone: install the newer build, or "
                     "restore the database from before that migration");
}

Error failed(const std::string& what, const Failure& failure) {
    if (failure.failure == FailureKind::unavailable || failure.failure == FailureKind::busy ||
        failure.failure == FailureKind::pool_exhausted)
        return Error(failure.kind, failure.code, failure.what());
    return Error(ErrorKind::internal, "db.migration_failed",
                 what + " failed: " + failure.what() +
                     "; nothing of it was kept; correct the file and start again");
}

/// Applies one file unless somebody else did since; the line it has in the ledger either way.
/// `applied` tells which.
Result<LedgerLine> apply(Pool& pool, const Step& step, bool& applied) {
    try {
        Transaction transaction(pool);
        auto& sql = transaction.session();
        if (auto line = find_in_ledger(sql, step.module, step.migration.name)) {
            if (line->checksum != checksum_of(step.migration))
                return edited(step, *line);
            return *std::move(line);
        }
        const auto started = steady_clock::now();
        transaction.channel().run_script(step.migration.up);
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
        auto line = write_to_ledger(sql, step.module, step.migration, took);
        transaction.commit();
        applied = true;
        return line;
    } catch (const Failure& failure) {
        return failed("the migration " + name_of(step.module, step.migration.name), failure);
    }
}

/// Without the lock: an up-to-date database is not written, nor waited for.
Result<std::vector<LedgerLine>> read(Pool& pool) {
    try {
        const HandlerScope scope;
        return read_ledger(Database(pool).session());
    } catch (const Failure& failure) {
        return Error(failure.kind, failure.code, failure.what());
    }
}

/// Connecting would make the file.
Result<std::vector<LedgerLine>> read_if_made(Pool& pool) {
    return pool.made() ? read(pool) : std::vector<LedgerLine>{};
}

Result<> acceptable(std::span<const MigrationSet> sets, const std::vector<Step>& steps,
                    const std::vector<LedgerLine>& ledger) {
    for (const auto& step : steps) {
        const auto* line = find_line(ledger, step);
        if (status_of(step, line).state == MigrationState::edited)
            return edited(step, *line);
    }
    for (const auto& line : unknown_lines(ledger, sets, steps))
        if (line.migration_class == MigrationClass::contract)
            return unknown_contract(line);
    return Done{};
}

}  // namespace

Result<std::vector<MigrationStatus>> migrate_up(Pool& pool, std::span<const MigrationSet> sets,
                                                const OnApplied& on_applied) {
    const auto steps = ordered(sets);
    const auto ledger = read(pool);
    if (!ledger)
        return ledger.error();
    if (auto fine = acceptable(sets, steps, *ledger); !fine)
        return std::move(fine.error());

    std::vector<MigrationStatus> done;
    for (const auto& step : steps) {
        if (class_of(step.migration) == MigrationClass::contract ||
            find_line(*ledger, step) != nullptr)
            continue;
        bool applied = false;
        const auto line = apply(pool, step, applied);
        if (!line)
            return line.error();
        if (applied)
            on_applied(done.emplace_back(status_of(step, &*line)));
    }
    return done;
}

Result<> check_migrations(Pool& pool, std::span<const MigrationSet> sets) {
    const auto ledger = read_if_made(pool);
    if (!ledger)
        return ledger.error();
    return acceptable(sets, ordered(sets), *ledger);
}

Result<std::vector<MigrationStatus>> migration_status(Pool& pool,
                                                      std::span<const MigrationSet> sets) {
    const auto ledger = read_if_made(pool);
    if (!ledger)
        return ledger.error();
    const auto steps = ordered(sets);
    std::vector<MigrationStatus> statuses;
    for (const auto& step : steps)
        statuses.push_back(status_of(step, find_line(*ledger, step)));
    for (const auto& line : unknown_lines(*ledger, sets, steps))
        statuses.push_back({line.module, line.name, MigrationState::unknown, line.applied_at});
    return statuses;
}

Result<> run_script(Pool& pool, std::string_view name, std::string_view sql) {
    try {
        Transaction transaction(pool);
        transaction.channel().run_script(sql);
        transaction.commit();
        return Done{};
    } catch (const Failure& failure) {
        return failed("the script " + std::string(name), failure);
    }
}

}  // namespace bulkhead::db
