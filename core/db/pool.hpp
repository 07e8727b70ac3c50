#pragma once

#include "db/options.hpp"

#include <bulkhead/database.hpp>

#include <chrono>
#include <filesystem>
#include <functional>

namespace bulkhead::db {

struct PoolStatistics {
    std::int64_t open = 0;  ///< connections
    std::int64_t leased = 0;
    std::int64_t waiting = 0;
    std::uint64_t leases = 0;
    std::uint64_t exhausted = 0;  ///< leases refused after acquire_timeout_ms
    std::uint64_t queries = 0;
    std::uint64_t slow_queries = 0;
};

/// The connections of one process. SQLite: `readers` that cannot write, and one writer that is
/// granted first come, first served. Any thread.
class Pool {
public:
    /// Connects on first use only. Throws std::runtime_error with a sentence for a URL that is no
    /// "sqlite://PATH". A relative PATH is relative to `folder`; missing parent folders are made.
    Pool(Options options, const std::filesystem::path& folder);
    ~Pool();

    /// What a lease throws (Failure: unavailable, pool_exhausted), as a question: one trivial
    /// query.
    bool alive();
    PoolStatistics statistics() const;
    const std::filesystem::path& file() const;

    struct Parts;
    Parts& parts() { return *parts_; }

private:
    std::unique_ptr<Parts> parts_;
};

/// Runs `work` on this thread once the transaction on `pool` that is open on it has committed,
/// never after a rollback. Throws Failure (usage) outside of one. `work` neither throws nor
/// queries.
void after_commit(Pool& pool, std::function<void()> work);

/// The reach of one handler: Database::session() leases at its first call within it, and the lease
/// ends with it. One per thread at a time; free of cost where nobody queries.
class HandlerScope {
public:
    HandlerScope();
    ~HandlerScope();
    HandlerScope(const HandlerScope&) = delete;
    HandlerScope& operator=(const HandlerScope&) = delete;

    /// The same for callers that cannot hold an object across the handler.
    static void enter();
    static void leave();

    static std::int64_t queries();  ///< statements run in the scope of this thread
};

}  // namespace bulkhead::db
