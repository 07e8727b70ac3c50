#include "db/repetition.hpp"

#include "db/sql_text.hpp"
#include "db/statement_name.hpp"

#include <bulkhead/log.hpp>

#include <algorithm>
#include <atomic>

namespace bulkhead::db {

namespace {

std::atomic<OnRepetition> on_repetition = OnRepetition::warn;

void act(std::string_view sql, std::int32_t times) {
    if (on_repetition == OnRepetition::refuse)
        throw Failure(FailureKind::usage,
                      "one handler ran the same query " + std::to_string(times) +
                          " times (N+1; database.repeated_queries): read all of it by one "
                          "statement, instead of: " +
                          shortened(sql));
    static const Log log("db");
    log.warning("one handler repeats a query (N+1): read all of it by one statement",
                {{"statement", statement_name(sql)}, {"sql", shortened(sql)}, {"times", times}});
}

}  // namespace

void set_on_repetition(OnRepetition action) {
    on_repetition = action;
}

void Repetition::note(std::string_view sql, std::int32_t limit) {
    if (limit == 0)
        return;
    const auto hash = std::hash<std::string_view>()(sql);
    const auto found = std::ranges::find(seen_, hash, &Seen::hash);
    if (found == seen_.end()) {
        seen_.push_back({hash, 1});
        if (limit == 1)
            act(sql, 1);
    } else if (++found->times == limit) {
        act(sql, limit);
    }
}

}  // namespace bulkhead::db
