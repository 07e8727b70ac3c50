#pragma once

#include "db/migration_set.hpp"

#include <bulkhead/session.hpp>

#include <chrono>

namespace bulkhead::db {

/// One migration that was applied. The text that undoes it is kept with it, for the day on which
/// its file is no longer at hand.
struct LedgerLine {
    std::string module;
    std::string name;
    std::string checksum;
    MigrationClass migration_class = MigrationClass::expand;
    std::string down_text;
    Timestamp applied_at{};
    std::int64_t duration_us = 0;

    static auto fields() {
        return shape(field("module", &LedgerLine::module), field("name", &LedgerLine::name),
                     field("checksum", &LedgerLine::checksum),
                     field("class", &LedgerLine::migration_class),
                     field("down_text", &LedgerLine::down_text),
                     field("applied_at", &LedgerLine::applied_at),
                     field("duration_us", &LedgerLine::duration_us));
    }
};

/// The table schema_migrations; throws Failure. Where it does not exist yet, nothing was applied.
/// In the order in which they were applied: no two have the same time.
std::vector<LedgerLine> read_ledger(Session& sql);
std::optional<LedgerLine> find_in_ledger(Session& sql, std::string_view module,
                                         std::string_view name);
/// Sets `applied_at` to now, or behind the newest line where the clock says otherwise.
void write_to_ledger(Session& sql, LedgerLine& line);
void strike_from_ledger(Session& sql, std::string_view module, std::string_view name);

}  // namespace bulkhead::db
