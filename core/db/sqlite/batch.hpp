#pragma once

#include "db/dialect.hpp"

namespace bulkhead::db::sqlite {

/// One prepared statement, run for each row.
std::int64_t insert_batch(const Batch& batch, RunStatement run, void* object);

}  // namespace bulkhead::db::sqlite
