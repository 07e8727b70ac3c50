#pragma once

#include "db/options.hpp"
#include "db/statement_book.hpp"
#include "value/fast_lane.hpp"
#include "value/reactor.hpp"

#include <bulkhead/database.hpp>

#include <chrono>
#include <filesystem>
#include <functional>

namespace bulkhead::db {

/// Upper bounds of the buckets in which handlers are counted by their queries.
inline constexpr std::array<std::int64_t, 7> request_query_bounds{1, 2, 3, 5, 10, 20, 50};

struct PoolStatistics {
    std::int64_t open = 0;  ///< connections
    std::int64_t leased = 0;
    std::int64_t waiting = 0;
    std::uint64_t leases = 0;
    std::uint64_t exhausted = 0;  ///< leases refused after acquire_timeout_ms
    std::uint64_t queries = 0;
    std::uint64_t slow_queries = 0;
    std::uint64_t round_trips = 0;  ///< to a database of another process
    std::vector<StatementStatistics> statements;
    /// Handlers by how many queries they ran: at most request_query_bounds[i], the last ones more.
    std::vector<std::uint64_t> requests;
    std::uint64_t requests_queries = 0;  ///< of all of them together
};

struct Share;

/// The connections of one process, or one module's share of them. SQLite: `readers` that cannot
/// write, and one writer; else `connections` that are all alike. Granted first come, first served.
/// Any thread.
class Pool {
public:
    /// Connects on first use only. Throws std::runtime_error with a sentence for a URL that names
    /// no engine. A relative path is relative to `folder`; missing parent folders are made.
    Pool(Options options, const std::filesystem::path& folder);
    ~Pool();

    /// The same connections, of which this module never holds more than so many at once (0: no
    /// limit of its own).
    std::unique_ptr<Pool> share_of(std::string module, std::size_t connections) const;

    /// What a lease throws (Failure: unavailable, pool_exhausted), as a question: one trivial
    /// query, answered no after connect_timeout_ms.
    bool alive();
    PoolStatistics statistics() const;
    Dialect dialect() const;
    /// Of a database that is one file; else empty.
    const std::filesystem::path& file() const;
    /// Whether connecting finds a database, rather than making an empty file.
    bool made() const;
    /// Connections of one I/O thread for single reads; null where the engine has none. Ends before
    /// this pool.
    std::unique_ptr<value::FastLane> fast_lane(value::Reactor& reactor,
                                               value::Receiver& receiver) const;

    struct Parts;
    Parts& parts() const { return *parts_; }
    Share& share() const { return *share_; }

private:
    Pool(std::shared_ptr<Parts> parts, Share share);

    std::shared_ptr<Parts> parts_;
    std::unique_ptr<Share> share_;
};

/// Why no engine takes options.url, as a sentence without its password; empty if one does.
std::string wrong_url(const Options& options);

/// Runs `work` on this thread once the transaction on `pool` that is open on it has committed,
/// or may have: its connection was lost meanwhile; never after a rollback. Throws Failure (usage)
/// outside of one. `work` neither throws nor queries.
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
    static std::int64_t leave();  ///< how many statements ran within

    static std::int64_t queries();  ///< statements run in the scope of this thread
};

}  // namespace bulkhead::db
