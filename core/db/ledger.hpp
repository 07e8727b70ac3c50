#pragma once

#include "db/migrate.hpp"

namespace bulkhead::db {

/// `expand` leaves everything usable by what ran before; `contract` takes something away.
enum class MigrationClass : std::uint8_t { expand, contract };
constexpr std::array<std::string_view, 2> names(MigrationClass) {
    return {"expand", "contract"};
}

/// By its first line: `-- contract`, or anything else.
MigrationClass class_of(const Migration& migration);
/// SHA-256 of the up text, 64 hex digits.
std::string checksum_of(const Migration& migration);

/// One migration that was applied. The text that undoes it is kept with it, for the day on which
/// its file is no longer at hand.
struct LedgerLine {
    std::string module;
    std::string name;
    std::string checksum;
    MigrationClass migration_class = MigrationClass::expand;
    Timestamp applied_at{};

    static auto fields() {
        return shape(field("module", &LedgerLine::module), field("name", &LedgerLine::name),
                     field("checksum", &LedgerLine::checksum),
                     field("class", &LedgerLine::migration_class),
                     field("applied_at", &LedgerLine::applied_at));
    }
};

/// The table schema_migrations; throws Failure. Where it does not exist yet, nothing was applied.
std::vector<LedgerLine> read_ledger(Session& sql);
std::optional<LedgerLine> find_in_ledger(Session& sql, std::string_view module,
                                         std::string_view name);
LedgerLine write_to_ledger(Session& sql, const std::string& module, const Migration& migration,
                           std::chrono::microseconds took);

}  // namespace bulkhead::db
