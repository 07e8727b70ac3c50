#include "db/row_map.hpp"

#include "db/sql_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

std::string in_quotes(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

void refuse_unused(const std::vector<std::string>& parameters, std::span<const Argument> arguments,
                   std::string_view sql) {
    for (const auto& argument : arguments)
        if (!argument.may_be_unused &&
            std::ranges::find(parameters, argument.name) == parameters.end())
            refuse_statement("the argument " + in_quotes(argument.name) +
                                 " is not named (as :" + std::string(argument.name) + ")",
                             sql);
}

std::string found_columns(const std::vector<std::string>& columns) {
    std::string text;
    for (const auto& column : columns)
        text += (text.empty() ? "" : ", ") + column;
    return text.empty() ? "none" : text;
}

const Field* find_field(const Table& table, std::string_view name) {
    const auto found = std::ranges::find(table.fields, name, &Field::name);
    return found == table.fields.end() ? nullptr : &*found;
}

/// The columns without a field and the fields without a column, as one sentence; empty if all
/// match.
std::string mismatch(const std::vector<std::string>& columns, const Table& table) {
    std::string text;
    for (const auto& column : columns)
        if (find_field(table, column) == nullptr)
            text += " the column " + in_quotes(column) + " has no field;";
    for (const auto& field : table.fields)
        if (std::ranges::count(columns, field.name) != 1)
            text += " the field " + in_quotes(field.name) + " has not exactly one column;";
    return text;
}

}  // namespace

void refuse_statement(const std::string& reason, std::string_view sql) {
    throw Failure(FailureKind::usage, reason + " in: " + shortened(sql));
}

void refuse_column(std::string_view column, bool is_null, std::string_view sql) {
    refuse_statement("the column " + in_quotes(column) +
                         (is_null ? " is NULL, but its field is no optional"
                                  : " holds a value that its field cannot take"),
                     sql);
}

void refuse_second_row(std::string_view sql) {
    refuse_statement("there is more than one row", sql);
}

std::vector<Argument> arguments_of_row(const Table& table, const void* row) {
    std::vector<Argument> arguments;
    arguments.reserve(table.fields.size());
    for (const auto& field : table.fields) {
        auto& argument = arguments.emplace_back(field.name, std::string_view{});
        argument.type = field.type;
        argument.value = static_cast<const std::byte*>(row) + field.offset;
        argument.may_be_unused = true;
    }
    return arguments;
}

std::vector<std::size_t> arguments_of(const std::vector<std::string>& parameters,
                                      std::span<const Argument> arguments, std::string_view sql) {
    refuse_unused(parameters, arguments, sql);
    std::vector<std::size_t> indices;
    for (const auto& parameter : parameters) {
        const auto found = std::ranges::find(arguments, parameter, &Argument::name);
        if (found == arguments.end())
            refuse_statement("there is no argument for :" + parameter, sql);
        indices.push_back(static_cast<std::size_t>(found - arguments.begin()));
    }
    return indices;
}

std::vector<Place> places_of(const std::vector<std::string>& columns, const Type& row,
                             std::string_view sql) {
    if (row.kind != Kind::object) {
        if (columns.size() != 1)
            refuse_statement(
                "a single value needs exactly one column, but there are: " + found_columns(columns),
                sql);
        return {{columns[0], &row, 0}};
    }
    const auto& table = row.table();
    if (const auto reason = mismatch(columns, table); !reason.empty())
        refuse_statement("for rows of " + std::string(table.name) + reason, sql);
    std::vector<Place> places;
    for (const auto& column : columns) {
        const auto* field = find_field(table, column);
        places.push_back({column, field->type, field->offset});
    }
    return places;
}

std::string insert_into(std::string_view name, const Table& table) {
    auto sql = "insert into " + std::string(name);
    auto separator = " (";
    for (const auto& field : table.fields) {
        sql.append(separator).append(field.name);
        separator = ", ";
    }
    return sql + ") ";
}

}  // namespace bulkhead::db
