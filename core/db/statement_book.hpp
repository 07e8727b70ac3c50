#pragma once

#include "db/statement_name.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace bulkhead::db {

/// What was seen of the statements of one name.
struct StatementStatistics {
    std::string name;
    std::uint64_t runs = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;
    std::uint64_t microseconds = 0;  ///< of all runs together
};

/// Counts by the names of statements; those beyond the first thousand names count as "other". Any
/// thread.
class StatementBook {
public:
    /// Of one name; lives as long as the book.
    struct Page {
        std::string name;
        std::atomic<std::uint64_t> runs = 0;
        std::atomic<std::uint64_t> failures = 0;
        std::atomic<std::uint64_t> slow = 0;
        std::atomic<std::uint64_t> microseconds = 0;
    };

    Page& page_of(std::string_view sql);
    std::vector<StatementStatistics> statistics() const;

private:
    static constexpr std::size_t most_names = 1'000;

    mutable std::mutex mutex_;
    std::deque<Page> pages_;
    std::unordered_map<std::string, Page*> by_name_;
};

}  // namespace bulkhead::db
