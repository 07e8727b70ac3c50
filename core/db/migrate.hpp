#pragma once

#include "db/pool.hpp"

#include <bulkhead/manifest.hpp>

#include <functional>

namespace bulkhead::db {

/// The migrations of one module; the core's own come first under the name "core".
struct MigrationSet {
    std::string module;
    std::span<const Migration> migrations;
};

enum class MigrationState : std::uint8_t { applied, pending, edited, unknown };
constexpr std::array<std::string_view, 4> names(MigrationState) {
    return {"applied", "pending", "edited", "unknown"};
}

/// One line of `bulkhead migrate status`.
struct MigrationStatus {
    std::string module;
    std::string name;
    MigrationState state = MigrationState::pending;
    std::optional<Timestamp> applied_at;

    static auto fields() {
        return shape(field("module", &MigrationStatus::module),
                     field("name", &MigrationStatus::name), field("state", &MigrationStatus::state),
                     field("applied_at", &MigrationStatus::applied_at));
    }
};

/// The core's own migrations (ledger ...), embedded from db/migrations.
std::span<const Migration> core_migrations();

/// Told of each migration as soon as it is applied, though a later one may fail.
using OnApplied = std::function<void(const MigrationStatus&)>;

/// Applies what is pending, in the order of dates across `sets`, each file in its own transaction
/// together with its line in the ledger, all under one lock, so that two processes starting at once
/// apply once. Returns what was applied. Refused with one sentence and its remedy: an edited
/// migration (its checksum is not the ledger's), a file that fails (it leaves what it found).
Result<std::vector<MigrationStatus>> migrate_up(
    Pool& pool, std::span<const MigrationSet> sets,
    const OnApplied& on_applied = [](const MigrationStatus&) {});

/// What migrate_up would refuse before it applies anything; changes nothing.
Result<> check_migrations(Pool& pool, std::span<const MigrationSet> sets);

/// All of `sets` and all of the ledger's lines for these modules; changes nothing.
Result<std::vector<MigrationStatus>> migration_status(Pool& pool,
                                                      std::span<const MigrationSet> sets);

/// Runs a script of several statements in one transaction: seeds.
Result<> run_script(Pool& pool, std::string_view name, std::string_view sql);

}  // namespace bulkhead::db
