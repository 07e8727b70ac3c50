#pragma once
// What there is to apply, beside what was applied.

#include "db/ledger.hpp"

#include <bulkhead/result.hpp>

namespace bulkhead::db {

enum class MigrationState : std::uint8_t { applied, pending, edited, unknown };
constexpr std::array<std::string_view, 4> names(MigrationState) {
    return {"applied", "pending", "edited", "unknown"};
}

/// One line of `bulkhead migrate status`.
struct MigrationStatus {
    std::string module;
    std::string name;
    MigrationClass migration_class = MigrationClass::expand;
    MigrationState state = MigrationState::pending;
    std::optional<Timestamp> applied_at;
    std::optional<std::int64_t> duration_us;

    static auto fields() {
        return shape(field("module", &MigrationStatus::module),
                     field("name", &MigrationStatus::name),
                     field("class", &MigrationStatus::migration_class),
                     field("state", &MigrationStatus::state),
                     field("applied_at", &MigrationStatus::applied_at),
                     field("duration_us", &MigrationStatus::duration_us));
    }
};

/// The files of several modules, and the core's in any case, beside the ledger's lines. The texts
/// of the files are the sets' own.
class History {
public:
    struct File {
        std::string module;
        Migration migration;
    };

    History(std::span<const MigrationSet> sets, std::vector<LedgerLine> ledger);

    /// By date across the modules; the core's come first, for they make the ledger.
    const std::vector<File>& files() const { return files_; }
    /// In the order in which they were applied.
    const std::vector<LedgerLine>& ledger() const { return ledger_; }
    const LedgerLine* line_of(const File& file) const;
    const File* file_of(std::string_view module, std::string_view name) const;

    /// Of all files, then of the ledger's lines without one.
    std::vector<MigrationStatus> statuses() const;
    /// Refused with one sentence and its remedy: a file that was edited after it was applied, a
    /// contract migration that one of these modules' builds does not know, and what refuse_text
    /// says of those that are pending.
    Result<> acceptable() const;

private:
    bool has(std::string_view module) const;
    Result<> refuse_edited() const;
    Result<> refuse_unknown() const;

    std::vector<std::string> modules_;
    std::vector<File> files_;
    std::vector<LedgerLine> ledger_;
};

/// "orders/2026-11-20-09-30-create-orders".
std::string full_name(std::string_view module, std::string_view name);
/// Refused with file and line: a statement that takes something away in a file that is not marked,
/// and a line for an engine that there is not.
Result<> refuse_text(const History::File& file);

}  // namespace bulkhead::db
