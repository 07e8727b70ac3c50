#pragma once
// By which name a statement is counted and logged.

#include <string>
#include <string_view>

namespace bulkhead::db {

/// What the comment says that it begins with, if that is a name: "/* orders.list */ select ...".
/// Else its verb and its first table: "select orders".
std::string statement_name(std::string_view sql);

}  // namespace bulkhead::db
