#include "db/sqlite/batch.hpp"

#include "db/row_map.hpp"

namespace bulkhead::db::sqlite {

namespace {

std::string insert_one(const Batch& batch) {
    auto sql = insert_into(batch.table, batch.fields());
    auto separator = "values (:";
    for (const auto& field : batch.fields().fields) {
        sql.append(separator).append(field.name);
        separator = ", :";
    }
    return sql + (batch.existing == Existing::kept ? ") on conflict do nothing" : ")");
}

}  // namespace

std::int64_t insert_batch(const Batch& batch, RunStatement run, void* object) {
    const auto sql = insert_one(batch);
    std::int64_t inserted = 0;
    for (std::size_t row = 0; row < batch.size(); ++row)
        inserted +=
            run(object, sql, arguments_of_row(batch.fields(), batch.list->at(batch.rows, row)));
    return inserted;
}

}  // namespace bulkhead::db::sqlite
