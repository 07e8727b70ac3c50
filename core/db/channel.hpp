#pragma once

#include "db/dialect.hpp"
#include "db/pool.hpp"
#include "db/statement_cache.hpp"

#include <array>
#include <atomic>

namespace bulkhead::db {

/// How many queries handlers ran, of those that ran any.
struct RequestQueries {
    void count(std::int64_t queries);

    std::array<std::atomic<std::uint64_t>, request_query_bounds.size() + 1> buckets{};
    std::atomic<std::uint64_t> sum = 0;
};

/// What all connections of a pool count together.
struct Counters {
    std::atomic<std::int64_t> open = 0;
    std::atomic<std::uint64_t> queries = 0;
    std::atomic<std::uint64_t> slow_queries = 0;
    StatementBook statements;
    RequestQueries requests;
};

/// One open connection: a wire and its prepared statements; every failure becomes a Failure here,
/// every statement is counted and timed. Of one thread at a time.
class Channel {
public:
    Channel(std::unique_ptr<Wire> wire, Dialect dialect, const Options& options,
            Counters& counters);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    std::int64_t execute(std::string_view sql, std::span<const Argument> arguments);
    void select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                void* rows, std::size_t cap);

    void execute_later(std::string_view sql, std::span<const Argument> arguments);
    std::int64_t insert(const Batch& batch);

    void begin(Isolation isolation);
    /// Refused (Failure usage) after a statement that failed: engines differ in what would be kept.
    void commit();
    void rollback() noexcept;
    /// Without a limit of time; within a transaction.
    void run_script(std::string_view sql);

    /// To be thrown away: what it is connected to is lost or damaged.
    bool broken() const { return broken_; }
    /// False, and broken, once the database is no longer the one it was opened on.
    bool alive();
    /// The same for a connection that has lain idle; costs no round trip.
    bool usable();

    Dialect dialect() const { return dialect_; }
    const Options& options() const { return options_; }
    std::chrono::steady_clock::time_point opened_at() const { return opened_at_; }
    /// When its last lease ended; kept by the lane.
    std::chrono::steady_clock::time_point idle_since{};

    std::size_t statements() const { return cache_.size(); }
    std::uint64_t statements_prepared() const { return prepared_; }

private:
    class Run;

    void make_key(std::string_view sql, std::span<const Argument> arguments, const Type* row);
    template <class Work>
    void run(std::string_view sql, std::span<const Argument> arguments, const Type* row,
             Work&& work);
    StatementCache::Entry& statement(std::string_view sql, std::span<const Argument> arguments,
                                     const Type* row);
    void note(const Failure& failure);

    const Options& options_;
    Counters& counters_;
    const Dialect dialect_;
    const std::chrono::steady_clock::time_point opened_at_ = std::chrono::steady_clock::now();
    const std::unique_ptr<Wire> wire_;
    StatementCache cache_;  // Ends before the wire that its statements belong to.
    std::string key_;
    std::uint64_t prepared_ = 0;
    bool in_transaction_ = false;
    bool statement_failed_ = false;
    bool broken_ = false;
};

}  // namespace bulkhead::db
