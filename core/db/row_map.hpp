#pragma once
// Arguments to parameters, and columns to fields: the same for every engine.

#include <bulkhead/session.hpp>

namespace bulkhead::db {

/// Where a column of a row goes.
struct Place {
    std::string column;
    const Type* type;
    std::size_t offset;  ///< bytes from the start of the row's value
};

/// An argument per field of `row`, a value of the struct that `table` is of.
std::vector<Argument> arguments_of_row(const Table& table, const void* row);

/// For each of `parameters` the index of its argument. Throws Failure (usage) for a parameter
/// without an argument, and for an argument that nothing names.
std::vector<std::size_t> arguments_of(const std::vector<std::string>& parameters,
                                      std::span<const Argument> arguments, std::string_view sql);

/// For each of `columns` its place in a value of type `row`. Throws Failure (usage) naming the
/// columns without a field and the fields without a column.
std::vector<Place> places_of(const std::vector<std::string>& columns, const Type& row,
                             std::string_view sql);

/// "insert into T (a, b) ", for all fields of `table`, to be followed by the values.
std::string insert_into(std::string_view name, const Table& table);

/// Failure (usage) of this statement.
[[noreturn]] void refuse_statement(const std::string& reason, std::string_view sql);
/// ... because a row's column has NULL, or a value that its field cannot take.
[[noreturn]] void refuse_column(std::string_view column, bool is_null, std::string_view sql);
[[noreturn]] void refuse_second_row(std::string_view sql);

}  // namespace bulkhead::db
