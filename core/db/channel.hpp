#pragma once

#include "db/options.hpp"
#include "db/statement_cache.hpp"

#include <atomic>

namespace bulkhead::db {

/// What all connections of a pool count together.
struct Counters {
    std::atomic<std::int64_t> open = 0;
    std::atomic<std::uint64_t> queries = 0;
    std::atomic<std::uint64_t> slow_queries = 0;
};

/// One open connection: a wire and its prepared statements; every failure becomes a Failure here,
/// every statement is counted and timed. Of one thread at a time.
class Channel {
public:
    /// Connects; throws Failure (unavailable).
    Channel(const Engine& engine, Role role, const Options& options, Counters& counters);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    std::int64_t execute(std::string_view sql, std::span<const Argument> arguments);
    void select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                void* rows, std::size_t cap);

    void begin();
    /// Refused (Failure usage) after a statement that failed: engines differ in what would be kept.
    void commit();
    void rollback() noexcept;
    /// Without a limit of time; within a transaction.
    void run_script(std::string_view sql);

    /// To be thrown away: what it is connected to is lost or damaged.
    bool broken() const { return broken_; }
    /// False, and broken, once the database is no longer the one it was opened on.
    bool alive();

    std::size_t statements() const { return cache_.size(); }
    std::uint64_t statements_prepared() const { return prepared_; }

private:
    class Run;

    template <class Work>
    void run(std::string_view sql, std::span<const Argument> arguments, const Type* row,
             Work&& work);
    Statement& statement(std::string_view sql, std::span<const Argument> arguments,
                         const Type* row);
    void note(const Failure& failure);

    const Options& options_;
    Counters& counters_;
    Wire wire_;
    StatementCache cache_;
    std::string key_;
    std::uint64_t prepared_ = 0;
    bool in_transaction_ = false;
    bool statement_failed_ = false;
    bool broken_ = false;
};

}  // namespace bulkhead::db
