#include "db/postgresql/batch.hpp"

#include "db/postgresql/value.hpp"
#include "db/row_map.hpp"

#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

constexpr std::size_t rows_per_statement = 1'000;

std::string insert_arrays(const Batch& batch) {
    auto sql = insert_into(batch.table, batch.fields());
    auto separator = "select * from unnest(";
    for (const auto& field : batch.fields().fields) {
        sql.append(separator).append("cast(:").append(field.name).append(" as ");
        sql.append(array_type(*field.type)).append(")");
        separator = ", ";
    }
    return sql + (batch.existing == Existing::kept ? ") on conflict do nothing" : ")");
}

/// Appends one element of an array's text form (PostgreSQL 15, 8.15.6).
void add_element(std::string& array, const Argument& argument) {
    array += array.size() == 1 ? "" : ",";
    std::string text;
    if (!store(argument, text)) {
        array += "NULL";
        return;
    }
    array += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            array += '\\';
        array += c;
    }
    array += '"';
}

}  // namespace

std::int64_t insert_batch(const Batch& batch, RunStatement run, void* object) {
    const auto& fields = batch.fields().fields;
    const auto sql = insert_arrays(batch);
    std::int64_t inserted = 0;
    for (std::size_t first = 0; first < batch.size(); first += rows_per_statement) {
        std::vector<std::string> arrays(fields.size(), "{");
        const auto end = std::min(batch.size(), first + rows_per_statement);
        for (auto row = first; row < end; ++row) {
            const auto values = arguments_of_row(batch.fields(), batch.list->at(batch.rows, row));
            for (std::size_t column = 0; column < fields.size(); ++column)
                add_element(arrays[column], values[column]);
        }
        std::vector<Argument> arguments;
        for (std::size_t column = 0; column < fields.size(); ++column)
            arguments.emplace_back(fields[column].name, std::string_view(arrays[column] += '}'));
        inserted += run(object, sql, arguments);
    }
    return inserted;
}

}  // namespace bulkhead::db::postgresql
