#pragma once

#include "db/dialect.hpp"

namespace bulkhead::db::postgresql {

/// One statement for a thousand rows, each column an array that unnest() takes apart.
std::int64_t insert_batch(const Batch& batch, RunStatement run, void* object);

}  // namespace bulkhead::db::postgresql
