#include "db/postgresql/batch.hpp"

#include "db/postgresql/value.hpp"
#include "db/row_map.hpp"

#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

constexpr std::size_t rows_per_statement = 1'000;
// PostgreSQL takes no message and no value of 1 GiB, and keeps several copies of each.
constexpr std::size_t bytes_per_statement = std::size_t{16} << 20U;

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

/// Appends one element of an array's text form (PostgreSQL 15, 8.15.6); by how many bytes.
std::size_t add_element(std::string& array, const Argument& argument) {
    const auto before = array.size();
    array += array.size() == 1 ? "" : ",";
    std::string text;
    if (!store(argument, text)) {
        array += "NULL";
        return array.size() - before;
    }
    array += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            array += '\\';
        array += c;
    }
    array += '"';
    return array.size() - before;
}

}  // namespace

std::int64_t insert_batch(const Batch& batch, RunStatement run, void* object) {
    const auto& fields = batch.fields().fields;
    const auto sql = insert_arrays(batch);
    std::int64_t inserted = 0;
    for (std::size_t row = 0; row < batch.size();) {
        std::vector<std::string> arrays(fields.size(), "{");
        const auto end = std::min(batch.size(), row + rows_per_statement);
        for (std::size_t bytes = 0; row < end && bytes < bytes_per_statement; ++row) {
            const auto values = arguments_of_row(batch.fields(), batch.list->at(batch.rows, row));
            for (std::size_t column = 0; column < fields.size(); ++column)
                bytes += add_element(arrays[column], values[column]);
        }
        std::vector<Argument> arguments;
        for (std::size_t column = 0; column < fields.size(); ++column)
            arguments.emplace_back(fields[column].name, std::string_view(arrays[column] += '}'));
        inserted += run(object, sql, arguments);
    }
    return inserted;
}

}  // namespace bulkhead::db::postgresql
