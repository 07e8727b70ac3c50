#pragma once

#include <bulkhead/manifest.hpp>

#include <string>

namespace bulkhead::db {

/// `expand` leaves everything usable by what ran before; `contract` takes something away.
enum class MigrationClass : std::uint8_t { expand, contract };
constexpr std::array<std::string_view, 2> names(MigrationClass) {
    return {"expand", "contract"};
}

/// The migrations of one module; the core's own come first under the name "core".
struct MigrationSet {
    std::string module;
    std::span<const Migration> migrations;
};

/// The core's own migrations (ledger ...), embedded from db/migrations.
std::span<const Migration> core_migrations();

/// By its first line: `-- contract`, or anything else.
MigrationClass class_of(const Migration& migration);
/// SHA-256 of the up text as a whole, whichever engine its lines are for: 64 hex digits.
std::string checksum_of(const Migration& migration);

}  // namespace bulkhead::db
