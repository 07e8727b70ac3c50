#pragma once
// What the core itself says differently to each engine.

#include <bulkhead/session.hpp>

namespace bulkhead::db {

/// How many tables have the name :name.
std::string_view tables_named(Dialect dialect);

/// Rows on their way into a table, a column per field.
struct Batch {
    std::string_view table;
    const Type* list;
    const void* rows;
    Existing existing;

    std::size_t size() const { return list->count(rows); }
    const Table& fields() const { return list->inner->table(); }
};

/// Statements that insert a batch, given to `run(sql, arguments)`, which returns rows changed; the
/// sum of these.
using RunStatement = std::int64_t (*)(void* object, std::string_view sql,
                                      std::span<const Argument> arguments);
std::int64_t insert_batch(Dialect dialect, const Batch& batch, RunStatement run, void* object);

}  // namespace bulkhead::db
