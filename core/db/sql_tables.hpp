#pragma once
// Which tables a statement is about, read from its text alone: enough to tell whose tables a module
// touches, not a parser of SQL.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::db {

enum class TableUse : std::uint8_t {
    queried,     ///< read or written: from, join, into, update ...
    created,     ///< create table, create view
    dropped,     ///< drop table, drop view
    altered,     ///< alter table; an index or a trigger on it
    referenced,  ///< a foreign key leads to it
};

/// One mention; the name in lower case, without its schema.
struct TableMention {
    std::string table;
    TableUse use;
};

/// Whether a text begins as a statement does, its keyword in one case throughout: "select id from
/// things", "UPDATE things SET ...", comments aside. Prose such as "Select a thing" is none.
bool reads_as_sql(std::string_view text);

/// The tables of one or several statements, in the order of the text. Names of common table
/// expressions, aliases, columns and functions are none.
std::vector<TableMention> tables_in(std::string_view sql);

}  // namespace bulkhead::db
