#include "db/statement.hpp"

#include "db/sql_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

[[noreturn]] void refuse(const std::string& reason, std::string_view sql) {
    throw Failure(FailureKind::usage, reason + " in: " + shortened(sql));
}

std::string in_quotes(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

void refuse_unused(const std::vector<std::string>& parameters, std::span<const Argument> arguments,
                   std::string_view sql) {
    for (const auto& argument : arguments)
        if (!argument.may_be_unused &&
            std::ranges::find(parameters, argument.name) == parameters.end())
            refuse("the argument " + in_quotes(argument.name) +
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

char letter_of(Storage storage) {
    return "int"[static_cast<std::size_t>(storage)];
}

}  // namespace

Statement::Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
                     const Type* row)
    : wire_(wire), sql_(sql), statement_(wire.session()) {
    const auto parameters = parameter_names(sql);
    take(parameters, arguments);
    statement_.alloc();
    statement_.prepare(sql_);
    Wire::check(statement_, sql, parameters.size());
    if (row != nullptr)
        give(Wire::columns(statement_), *row);
    connect_cells(parameters);
}

void Statement::describe(std::span<const Argument> arguments, std::string& key) {
    for (const auto& argument : arguments) {
        key.append(argument.name);
        key += letter_of(storage_of(argument.type));
        key += '\0';
    }
}

void Statement::take(const std::vector<std::string>& parameters,
                     std::span<const Argument> arguments) {
    refuse_unused(parameters, arguments, sql_);
    for (const auto& parameter : parameters) {
        const auto found = std::ranges::find(arguments, parameter, &Argument::name);
        if (found == arguments.end())
            refuse("there is no argument for :" + parameter, sql_);
        inputs_.push_back({static_cast<std::size_t>(found - arguments.begin()), {}});
        inputs_.back().cell.storage = storage_of(found->type);
    }
}

void Statement::give(const std::vector<std::string>& columns, const Type& row) {
    if (row.kind == Kind::object)
        return give_fields(columns, row.table());
    if (columns.size() != 1)
        refuse("a single value needs exactly one column, but there are: " + found_columns(columns),
               sql_);
    outputs_.push_back({columns[0], &row, 0, {}});
    outputs_.back().cell.storage = storage_of(&row);
}

void Statement::give_fields(const std::vector<std::string>& columns, const Table& table) {
    if (const auto reason = mismatch(columns, table); !reason.empty())
        refuse("for rows of " + std::string(table.name) + reason, sql_);
    for (const auto& column : columns) {
        const auto* field = find_field(table, column);
        outputs_.push_back({column, field->type, field->offset, {}});
        outputs_.back().cell.storage = storage_of(field->type);
    }
}

void Statement::connect_cells(const std::vector<std::string>& parameters) {
    using soci::details::standard_into_type;
    using soci::details::standard_use_type;
    for (auto& [column, type, offset, cell] : outputs_)
        statement_.exchange(soci::details::into_type_ptr(
            new standard_into_type(cell.data(), cell.exchange_type(), cell.indicator)));
    for (std::size_t index = 0; index < inputs_.size(); ++index) {
        auto& cell = inputs_[index].cell;
        statement_.exchange(soci::details::use_type_ptr(new standard_use_type(
            cell.data(), cell.exchange_type(), cell.indicator, true, parameters[index])));
    }
    statement_.define_and_bind();
}

void Statement::store(std::span<const Argument> arguments) {
    for (auto& [argument, cell] : inputs_)
        cell.store(arguments[argument]);
}

std::int64_t Statement::execute(std::span<const Argument> arguments) {
    store(arguments);
    const auto before = wire_.rows_changed();
    statement_.execute(true);
    // A statement that is left within its rows keeps a read transaction open.
    while (statement_.get_backend()->fetch(1) == soci::details::statement_backend::ef_success) {
    }
    return wire_.rows_changed() == before ? 0 : wire_.rows_of_last_change();
}

void Statement::select(std::span<const Argument> arguments, const Type& list, void* rows,
                       std::size_t cap) {
    store(arguments);
    // With its data at once: else SOCI runs the statement once more for each column of a type that
    // it does not know, an update included.
    bool found = statement_.execute(true);
    for (std::size_t count = 0; found; ++count, found = statement_.fetch()) {
        if (count == cap)
            refuse("there is more than one row", sql_);
        load_row(list.append(rows));
    }
}

void Statement::load_row(void* row) {
    for (std::size_t index = 0; index < outputs_.size(); ++index) {
        const auto& [column, type, offset, cell] = outputs_[index];
        if (Wire::fits(statement_, index, cell.storage) &&
            cell.load(*type, static_cast<std::byte*>(row) + offset))
            continue;
        refuse("the column " + in_quotes(column) +
                   (cell.indicator == soci::i_null ? " is NULL, but its field is no optional"
                                                   : " holds a value that its field cannot take"),
               sql_);
    }
}

}  // namespace bulkhead::db
