#include "db/channel.hpp"

#include "db/overdue.hpp"
#include "db/sql_text.hpp"

#include <bulkhead/log.hpp>

namespace bulkhead::db {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

void log_slow(std::string_view sql, milliseconds took) {
    static const Log log("db");
    log.warning("slow query", {{"sql", shortened(sql)}, {"ms", took.count()}});
}

}  // namespace

/// The time between a statement's start and end, whichever way it ends.
class Channel::Run {
public:
    explicit Run(Channel& channel, std::string_view sql)
        : channel_(channel), sql_(sql), started_(Clock::now()) {
        channel_.wire_.limit_time(
            within_deadline(milliseconds(channel_.options_.statement_timeout_ms)));
        channel_.counters_.queries.fetch_add(1, std::memory_order_relaxed);
    }
    ~Run() {
        const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - started_);
        const milliseconds slow(channel_.options_.slow_query_ms);
        if (slow.count() != 0 && took >= slow) {
            channel_.counters_.slow_queries.fetch_add(1, std::memory_order_relaxed);
            log_slow(sql_, took);
        }
        channel_.wire_.limit_time({});
        if (succeeded)
            return;
        // A dropped statement holds no lock, whatever row it stopped at.
        channel_.cache_.remove(channel_.key_);
        channel_.statement_failed_ = true;
    }

    bool succeeded = false;

private:
    Channel& channel_;
    std::string_view sql_;
    Clock::time_point started_;
};

Channel::Channel(const Engine& engine, Role role, const Options& options, Counters& counters)
    : options_(options),
      counters_(counters),
      wire_(engine, role, milliseconds(options.acquire_timeout_ms)),
      cache_(static_cast<std::size_t>(options.statement_cache)) {
    ++counters_.open;
}

Channel::~Channel() {
    --counters_.open;
}

Statement& Channel::statement(std::string_view sql, std::span<const Argument> arguments,
                              const Type* row) {
    if (auto* known = cache_.find(key_))
        return *known;
    auto made = std::make_unique<Statement>(wire_, sql, arguments, row);
    ++prepared_;
    return cache_.add(key_, std::move(made));
}

template <class Work>
void Channel::run(std::string_view sql, std::span<const Argument> arguments, const Type* row,
                  Work&& work) {
    if (in_transaction_ && statement_failed_)
        throw Failure(FailureKind::usage,
                      "an earlier statement of this transaction failed: return its error from the "
                      "transaction, instead of going on with: " +
                          shortened(sql));
    refuse_overdue(sql);
    // One type may have several addresses, but no address has several types.
    const auto address = reinterpret_cast<std::uintptr_t>(row);
    key_.assign(reinterpret_cast<const char*>(&address), sizeof address)
        .append(sql)
        .push_back('\0');
    Statement::describe(arguments, key_);
    Run run(*this, sql);
    try {
        work(statement(sql, arguments, row));
    } catch (const soci::soci_error& error) {
        auto failure = wire_.failure(error, sql);
        note(failure);
        throw failure;
    }
    run.succeeded = true;
}

std::int64_t Channel::execute(std::string_view sql, std::span<const Argument> arguments) {
    std::int64_t changed = 0;
    run(sql, arguments, nullptr,
        [&](Statement& prepared) { changed = prepared.execute(arguments); });
    return changed;
}

void Channel::select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                     void* rows, std::size_t cap) {
    run(sql, arguments, list.inner,
        [&](Statement& prepared) { prepared.select(arguments, list, rows, cap); });
}

void Channel::note(const Failure& failure) {
    broken_ = broken_ || failure.failure == FailureKind::unavailable;
}

void Channel::begin() {
    refuse_overdue("begin");
    if (!alive())
        throw Failure(FailureKind::unavailable, "the database's file was moved or deleted");
    try {
        wire_.begin();
    } catch (const Failure& failure) {
        note(failure);
        throw;
    }
    in_transaction_ = true;
    statement_failed_ = false;
}

void Channel::commit() {
    if (statement_failed_)
        throw Failure(FailureKind::usage,
                      "a transaction with a failed statement cannot be committed: return its error "
                      "from the transaction");
    refuse_overdue("commit");
    try {
        wire_.commit();
    } catch (const Failure& failure) {
        note(failure);
        throw;
    }
    in_transaction_ = false;
}

void Channel::rollback() noexcept {
    broken_ = !wire_.rollback() || broken_;
    in_transaction_ = statement_failed_ = false;
}

void Channel::run_script(std::string_view sql) {
    wire_.limit_time({});
    statement_failed_ = true;
    wire_.run_script(sql);
    statement_failed_ = false;
}

bool Channel::alive() {
    broken_ = broken_ || !wire_.attached();
    return !broken_;
}

}  // namespace bulkhead::db
