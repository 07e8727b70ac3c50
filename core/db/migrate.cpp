#include "db/migrate.hpp"

#include "db/transaction.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

using std::chrono::steady_clock;
using Direction = MigrationStep::Direction;
using Steps = std::span<const MigrationStep>;
using Statuses = std::vector<MigrationStatus>;

// Any number will do, as long as nobody else of this database takes it: "bulkhead" in ASCII.
constexpr std::int64_t lock_key = 0x62756c6b68656164;

std::string name_of(const MigrationStep& step) {
    return full_name(step.module, step.name);
}

/// The rest is for the administrator to wait for or to mend.
bool is_of_the_script(FailureKind failure) {
    return failure != FailureKind::unavailable && failure != FailureKind::busy &&
           failure != FailureKind::pool_exhausted;
}

Error failed(const std::string& what, const Failure& failure, const std::string& remedy) {
    if (!is_of_the_script(failure.failure))
        return Error(failure.kind, failure.code, failure.what());
    return Error(ErrorKind::internal, "db.migration_failed",
                 what + " failed: " + failure.what() + "; " + remedy);
}

Error failed(const MigrationStep& step, const Failure& failure) {
    if (step.direction == Direction::up)
        return failed("the migration " + name_of(step), failure,
                      "nothing of it was kept; correct the file and start again");
    return failed("undoing the migration " + name_of(step), failure,
                  "it is applied as before; its down text is the one that was applied with it: "
                  "put right what that stumbles over and try again, or restore a backup");
}

/// One lock for all processes until the end of the transaction. A transaction of SQLite that writes
/// is one by itself.
void lock(Session& sql) {
    if (sql.dialect() == Dialect::postgresql)
        (void)sql.one<std::int64_t>(
            "select 1 from (select pg_advisory_xact_lock(cast(:key as bigint))) as granted",
            {{"key", lock_key}});
}

/// Engines differ in what they would keep of a script that ends its transaction itself.
void run_text(Transaction& transaction, std::string_view sql) {
    if (const auto found = first_control(sql); !found.text.empty())
        throw Failure(FailureKind::usage, "line " + std::to_string(found.line) + ": `" +
                                              found.text +
                                              "` has no place in a script, which is one "
                                              "transaction as a whole");
    // One by one: PostgreSQL often does not say which of several it refuses.
    if (transaction.session().dialect() == Dialect::sqlite)
        return transaction.channel().run_script(sql);
    for (const auto& statement : statements_of(sql))
        transaction.channel().run_script(statement);
}

MigrationStatus undo(Transaction& transaction, const MigrationStep& step) {
    run_text(transaction, step.sql);
    strike_from_ledger(transaction.session(), step.module, step.name);
    return {step.module,  step.name,   step.migration_class, MigrationState::pending,
            std::nullopt, std::nullopt};
}

MigrationStatus apply(Transaction& transaction, const MigrationStep& step) {
    const auto started = steady_clock::now();
    run_text(transaction, step.sql);
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
    LedgerLine line{step.module,    step.name, step.checksum, step.migration_class,
                    step.down_text, {},        took.count()};
    write_to_ledger(transaction.session(), line);
    return {line.module,     line.name,       line.migration_class, MigrationState::applied,
            line.applied_at, line.duration_us};
}

/// Whether the database is as the plan found it: another process may have been first.
bool is_still_to_do(Session& sql, const MigrationStep& step) {
    const auto line = find_in_ledger(sql, step.module, step.name);
    return step.direction == Direction::up ? !line : line && line->checksum == step.checksum;
}

/// One transaction; empty if another process was first.
Result<Statuses> run_together(Pool& pool, Steps steps) {
    const auto* current = steps.data();
    try {
        Transaction transaction(pool);
        auto& sql = transaction.session();
        lock(sql);
        Statuses done;
        if (!is_still_to_do(sql, steps.front()))
            return done;
        for (const auto& step : steps) {
            current = &step;
            done.push_back(step.direction == Direction::up ? apply(transaction, step)
                                                           : undo(transaction, step));
        }
        transaction.commit();
        return done;
    } catch (const Failure& failure) {
        return failed(*current, failure);
    }
}

/// How many of the first steps are of one migration.
std::size_t count_of_same(Steps steps) {
    const auto other = std::ranges::find_if(steps, [&steps](const MigrationStep& step) {
        return step.module != steps.front().module || step.name != steps.front().name;
    });
    return static_cast<std::size_t>(other - steps.begin());
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

Result<History> history_of(Pool& pool, std::span<const MigrationSet> sets) {
    auto ledger = read_if_made(pool);
    if (!ledger)
        return std::move(ledger.error());
    return History(sets, *std::move(ledger));
}

}  // namespace

Result<std::vector<MigrationStep>> plan_migrations(Pool& pool, std::span<const MigrationSet> sets,
                                                   MigrationVerb verb,
                                                   const MigrationChoice& choice) {
    const auto history = history_of(pool, sets);
    if (!history)
        return history.error();
    return plan_migrations(*history, pool.dialect(), verb, choice);
}

Result<std::vector<MigrationStatus>> run_migrations(Pool& pool, Steps steps,
                                                    const OnMigrated& on_migrated) {
    Statuses done;
    while (!steps.empty()) {
        const auto count = count_of_same(steps);
        const auto results = run_together(pool, steps.first(count));
        if (!results)
            return results.error();
        for (const auto& result : *results)
            on_migrated(done.emplace_back(result));
        steps = steps.subspan(count);
    }
    return done;
}

Result<std::vector<MigrationStatus>> migrate_up(Pool& pool, std::span<const MigrationSet> sets,
                                                const OnMigrated& on_migrated) {
    const auto steps = plan_migrations(pool, sets, MigrationVerb::up);
    if (!steps)
        return steps.error();
    return run_migrations(pool, *steps, on_migrated);
}

Result<> check_migrations(Pool& pool, std::span<const MigrationSet> sets) {
    const auto history = history_of(pool, sets);
    if (!history)
        return history.error();
    return history->acceptable();
}

Result<> refuse_pending(Pool& pool, std::span<const MigrationSet> sets) {
    const auto known = migration_status(pool, sets);
    if (!known)
        return known.error();
    const auto is_lacking = [](const MigrationStatus& status) {
        return status.state == MigrationState::pending &&
               status.migration_class == MigrationClass::expand;
    };
    const auto lacking = std::ranges::count_if(*known, is_lacking);
    if (lacking == 0)
        return Done{};
    const auto first = std::ranges::find_if(*known, is_lacking);
    return Error(ErrorKind::unavailable, "db.migration_pending",
                 "the database lacks " + std::to_string(lacking) +
                     (lacking == 1 ? " migration, " : " migrations, the first of them ") +
                     full_name(first->module, first->name) + "; run `bulkhead migrate up` first");
}

bool migrates_at_start(const Pool& pool, const Options& options) {
    if (options.migrate == MigrateAtStart::automatic)
        return pool.dialect() == Dialect::sqlite;
    return options.migrate == MigrateAtStart::always;
}

Result<std::vector<MigrationStatus>> migration_status(Pool& pool,
                                                      std::span<const MigrationSet> sets) {
    const auto history = history_of(pool, sets);
    if (!history)
        return history.error();
    return history->statuses();
}

Result<> run_script(Pool& pool, std::string_view name, std::string_view sql) {
    try {
        Transaction transaction(pool);
        run_text(transaction, sql);
        transaction.commit();
        return Done{};
    } catch (const Failure& failure) {
        return failed("the script " + std::string(name), failure,
                      "nothing of it was kept; correct the file and start again");
    }
}

}  // namespace bulkhead::db
