#pragma once
// The live schema, as any engine has it: what docs/database-schema.md shows.

#include "db/migration_set.hpp"

#include <bulkhead/session.hpp>

namespace bulkhead::db {

struct ColumnSchema {
    std::string name;
    std::string type;                     ///< as migrations declare it: "timestamptz"
    std::string nullability;              ///< "null" or "not null"
    std::optional<std::string> preset{};  ///< the expression behind `default`

    static auto fields() {
        return shape(field("name", &ColumnSchema::name), field("type", &ColumnSchema::type),
                     field("nullability", &ColumnSchema::nullability),
                     field("default", &ColumnSchema::preset));
    }
};

struct TableSchema {
    std::string module;  ///< whose migration made it
    std::string name;
    std::vector<ColumnSchema> columns;     ///< in their order
    std::vector<std::string> constraints;  ///< "primary key (id)", "check (price >= 0)"; sorted
    std::vector<std::string> indexes;      ///< "products_by_name (name, id)"; sorted

    static auto fields() {
        return shape(field("module", &TableSchema::module), field("name", &TableSchema::name),
                     field("columns", &TableSchema::columns),
                     field("constraints", &TableSchema::constraints),
                     field("indexes", &TableSchema::indexes));
    }
};

/// The tables that a migration of `sets` makes on every engine, module by module in the order of
/// `sets`, then by name. What one engine alone has is left out: its tables, generated columns and
/// full-text indexes. Throws Failure.
std::vector<TableSchema> read_schema(Session& sql, std::span<const MigrationSet> sets);

/// As a Markdown document, the same for the same tables.
std::string schema_text(std::span<const TableSchema> tables);

}  // namespace bulkhead::db
