#pragma once

#include <bulkhead/session.hpp>

namespace bulkhead::db {

/// What is done about a query that one handler runs again and again, where one statement could have
/// read all of it (N+1): a line in the log, or, for tests, Failure (usage).
enum class OnRepetition : std::uint8_t { warn, refuse };

/// For the whole process; at first: warn.
void set_on_repetition(OnRepetition action);

/// How often a handler ran each of its queries. Of one thread.
class Repetition {
public:
    void begin() { seen_.clear(); }
    /// Acts once, when `sql` has run `limit` times (0: never).
    void note(std::string_view sql, std::int32_t limit);

private:
    struct Seen {
        std::size_t hash;
        std::int32_t times;
    };
    std::vector<Seen> seen_;  ///< few: a search from the start is faster than any map
};

}  // namespace bulkhead::db
