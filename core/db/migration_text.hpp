#pragma once
// The files of migrations as text: which lines are for which engine, and what they take away.

#include <bulkhead/session.hpp>

namespace bulkhead::db {

/// What of a migration's file runs on this engine. A line `-- only sqlite` or `-- only postgresql`
/// begins lines for that engine alone, `-- every engine` ends them; lines for others become empty
/// ones, so that the database's words about a line hold for the file. Refused with the line: an
/// engine that there is not.
Result<std::string> text_for(Dialect dialect, std::string_view file);

/// The statements one by one, each behind as many empty lines as there are lines before it.
std::vector<std::string> statements_of(std::string_view sql);

/// A statement that stands out.
struct FoundStatement {
    std::size_t line = 0;  ///< in the file, from 1
    std::string text;      ///< shortened; empty: there is none
};

/// The first statement, of whichever engine's, that takes away what an older build may still use:
/// it drops or renames something, changes a column's type, what it may hold or its default, or
/// empties a table. Dropping an index or a trigger is none, nor is what the body of a trigger or a
/// function does when it is called.
FoundStatement first_loss(std::string_view sql);

/// The first statement that begins or ends a transaction, or goes to another database.
FoundStatement first_control(std::string_view sql);

}  // namespace bulkhead::db
