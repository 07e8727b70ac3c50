#pragma once

#include <string_view>

namespace bulkhead::db {

/// What asks an engine for its schema. Rows of `columns` have table_name, name, type, nullability
/// and preset, in the order of a table's columns; those of the others table_name and text.
struct SchemaQueries {
    std::string_view columns;
    std::string_view keys;    ///< primary key, unique, foreign key
    std::string_view checks;  ///< any SQL that holds `check (...)`
    std::string_view indexes;
};

}  // namespace bulkhead::db
