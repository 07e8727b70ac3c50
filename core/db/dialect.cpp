#include "db/dialect.hpp"

#include "db/postgresql/batch.hpp"
#include "db/sqlite/batch.hpp"

namespace bulkhead::db {

std::string_view tables_named(Dialect dialect) {
    return dialect == Dialect::sqlite
               ? "select count(*) from sqlite_master where type = 'table' and name = :name"
               : "select count(*) from information_schema.tables"
                 " where table_schema = current_schema() and table_name = :name";
}

std::int64_t insert_batch(Dialect dialect, const Batch& batch, RunStatement run, void* object) {
    if (batch.size() == 0)
        return 0;
    return dialect == Dialect::sqlite ? sqlite::insert_batch(batch, run, object)
                                      : postgresql::insert_batch(batch, run, object);
}

}  // namespace bulkhead::db
