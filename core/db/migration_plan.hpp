#pragma once
// Which migrations a command comes to, before anything is done.

#include "db/migration_history.hpp"
#include "db/migration_text.hpp"

namespace bulkhead::db {

enum class MigrationVerb : std::uint8_t { up, contract, down, redo };

/// Which of them; everything that is empty does not restrict.
struct MigrationChoice {
    std::string module;  ///< and what the core needs for it
    std::string to;      ///< up: the last one; down: the newest that stays; also "orders/NAME"
};

/// One that is to be applied, or undone.
struct MigrationStep {
    enum class Direction : std::uint8_t { up, down };
    friend constexpr std::array<std::string_view, 2> names(Direction) { return {"up", "down"}; }

    std::string module;
    std::string name;
    MigrationClass migration_class = MigrationClass::expand;
    Direction direction = Direction::up;
    std::string sql;  ///< for the engine at hand
    std::string checksum{};
    std::string down_text{};  ///< for every engine

    static auto fields() {
        return shape(field("module", &MigrationStep::module), field("name", &MigrationStep::name),
                     field("class", &MigrationStep::migration_class),
                     field("direction", &MigrationStep::direction),
                     field("sql", &MigrationStep::sql));
    }
};

/// In the order in which they are to run.
/// up        pending expand migrations by date, the core's first
/// contract  everything pending up to the last contract migration
/// down      the newest that was applied, or all that were applied after `to`, newest first, by the
///           texts of the ledger: no file is needed
/// redo      down and up again of the newest one, in whatever state its file is now
/// Refused with a sentence: what History::acceptable refuses (up, contract), a name or module that
/// is unknown, undoing a contract migration, the core's ledger, or what no down text undoes.
Result<std::vector<MigrationStep>> plan_migrations(const History& history, Dialect dialect,
                                                   MigrationVerb verb,
                                                   const MigrationChoice& choice);

}  // namespace bulkhead::db
