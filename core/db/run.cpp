#include "db/run.hpp"

#include "db/sql_text.hpp"

#include <bulkhead/log.hpp>

namespace bulkhead::db {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

void log_slow(const Run& run) {
    static const Log log("db");
    log.warning("slow query", {{"statement", run.page->name},
                               {"sql", shortened(run.sql)},
                               {"ms", duration_cast<milliseconds>(run.took).count()}});
}

void note(const Run& run, bool slow) {
    auto& page = *run.page;
    page.runs.fetch_add(1, std::memory_order_relaxed);
    page.failures.fetch_add(run.succeeded ? 0 : 1, std::memory_order_relaxed);
    page.slow.fetch_add(slow ? 1 : 0, std::memory_order_relaxed);
    page.microseconds.fetch_add(
        static_cast<std::uint64_t>(duration_cast<microseconds>(run.took).count()),
        std::memory_order_relaxed);
}

}  // namespace

void count_run(const Run& ended, const Options& options, Counters& counters) {
    auto run = ended;
    const milliseconds limit(options.slow_query_ms);
    const bool slow = limit.count() != 0 && duration_cast<milliseconds>(run.took) >= limit;
    if (run.page == nullptr && (slow || !run.succeeded))
        run.page = &counters.statements.page_of(run.sql);
    if (run.page != nullptr)
        note(run, slow);
    if (!slow)
        return;
    counters.slow_queries.fetch_add(1, std::memory_order_relaxed);
    log_slow(run);
}

}  // namespace bulkhead::db
