#pragma once
// Sessions and the unit of work. A handler leases a session at its first query and gives it back at
// its end; a transaction holds one; nobody holds two.

#include <bulkhead/result.hpp>
#include <bulkhead/session.hpp>

namespace bulkhead::db {

class Pool;

/// What a transaction sees of others that run at the same time (SQL:1992, 4.28). SQLite's are
/// always serializable. Since 1.1.
enum class Isolation : std::uint8_t { read_committed, repeatable_read, serializable };
constexpr std::array<std::string_view, 3> names(Isolation) {
    return {"read committed", "repeatable read", "serializable"};
}

namespace detail {
template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;
}  // namespace detail

/// Any thread. Connects on first use.
class Database {
public:
    explicit Database(Pool& pool) : pool_(&pool) {}

    /// For reads, within a handler (or whatever else the core runs for a module). Inside of a
    /// transaction it is the transaction's own session; outside, a write is a Failure (read_only).
    /// Throws Failure (pool_exhausted, unavailable) when no connection can be had in time.
    Session& session();

    /// Gives this handler's session back before its end, for a long piece of work between two
    /// queries; the next session() leases again. Nothing within a transaction.
    void release();

    /// Runs `work(Session&)`, commits when its Result is a value, rolls back when it returns an
    /// error Result or throws. A transaction within a transaction joins it. The outermost repeats
    /// `work` after a serialisation failure or a deadlock, a bounded number of times: `work` must
    /// have no effect outside of the database.
    template <class Work>
    auto transaction(Work&& work) {
        return commit_or_undo(std::forward<Work>(work),
                              [this](Step step) { run_transaction(step); });
    }

    /// The same under `isolation` at least; without it, the engine's default (PostgreSQL: read
    /// committed). Within a transaction of a weaker one: Failure (usage). Since 1.1.
    template <class Work>
    auto transaction(Isolation isolation, Work&& work) {
        return commit_or_undo(std::forward<Work>(work),
                              [&](Step step) { run_transaction(step, isolation); });
    }

private:
    /// A reference to a callable that says whether to commit.
    struct Step {
        void* object;
        bool (*call)(void* object, Session& sql);
    };
    template <class Work, class Runner>
    static auto commit_or_undo(Work&& work, Runner&& run) {
        using Outcome = std::invoke_result_t<Work&, Session&>;
        static_assert(detail::is_result<Outcome>,
                      "what runs in a transaction says by a Result whether to commit");
        std::optional<Outcome> outcome;
        auto step = [&](Session& sql) {
            outcome.emplace(work(sql));
            return static_cast<bool>(*outcome);
        };
        run({&step, [](void* object, Session& sql) {
                 return (*static_cast<decltype(step)*>(object))(sql);
             }});
        return *std::move(outcome);
    }
    void run_transaction(Step step);
    void run_transaction(Step step, Isolation isolation);

    Pool* pool_;
};

/// What a unique violation means to the business.
struct Conflict {
    std::string_view column;   ///< "users.email"; several: "users.tenant_id,users.email"
    std::string_view code;     ///< "users.email_taken"
    std::string_view message;  ///< public
};

/// Runs `work`; a unique violation of exactly `conflict.column` becomes a conflict Error. Return it
/// from the transaction: after a failed statement nothing more can be done in it.
template <class Work>
Result<> on_conflict(const Conflict& conflict, Work&& work) {
    const auto names = [&](const Failure& failure) {
        std::string columns;
        for (const auto& column : failure.columns)
            columns.append(columns.empty() ? "" : ",")
                .append(failure.table)
                .append(".")
                .append(column);
        return columns == conflict.column;
    };
    try {
        work();
        return Done{};
    } catch (const Failure& failure) {
        if (failure.failure != FailureKind::unique_violation || !names(failure))
            throw;
        return Error::conflict(std::string(conflict.code), std::string(conflict.message));
    }
}

}  // namespace bulkhead::db
