#pragma once

#include "db/channel.hpp"

namespace bulkhead::db {

/// One run of a statement, once it has ended.
struct Run {
    std::string_view sql;
    std::chrono::steady_clock::duration took;
    bool succeeded;
    StatementBook::Page* page;  ///< null: it was never prepared
};

/// Counts it under its name, and logs a slow one.
void count_run(const Run& run, const Options& options, Counters& counters);

}  // namespace bulkhead::db
