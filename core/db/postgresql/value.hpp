#pragma once
// How values lie in PostgreSQL's columns: the one place that knows. All travel as text.

#include <bulkhead/session.hpp>

#include <libpq-fe.h>

namespace bulkhead::db::postgresql {

/// The type that a parameter of this type is declared with; 0 lets the server choose by its place
/// (texts, enums). Null stands for text, as in Argument.
Oid parameter_type(const Type* type);

/// Appends the value's text; false, and nothing appended, for NULL. Throws Failure (value) for a
/// text that no column can hold.
bool store(const Argument& argument, std::string& out);

/// `text` is null for NULL. False for NULL where `type` is no optional, and for what is no value of
/// `type`.
bool load(const Type& type, const char* text, std::size_t length, void* value);

/// The name of the array type whose elements are such values: "bigint[]".
std::string_view array_type(const Type& type);

}  // namespace bulkhead::db::postgresql
