#include "db/channel.hpp"

#include "db/overdue.hpp"
#include "db/run.hpp"
#include "db/sql_text.hpp"

#include <algorithm>

namespace bulkhead::db {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Values that travel alike have one letter.
char letter_of(const Type& type) {
    const auto& within = type.kind == Kind::optional ? *type.inner : type;
    if (within.kind == Kind::atom)
        return within.format == "uuid" ? 'u' : within.format == "date-time" ? 'd' : 't';
    if (within.kind == Kind::int32 || within.kind == Kind::int64)
        return 'i';
    return static_cast<char>('0' + static_cast<int>(within.kind));
}

}  // namespace

/// The time between a statement's start and end, whichever way it ends.
class Channel::Run {
public:
    explicit Run(Channel& channel, std::string_view sql)
        : channel_(channel), sql_(sql), started_(Clock::now()) {
        channel_.wire_->limit_time(
            within_deadline(milliseconds(channel_.options_.statement_timeout_ms)));
        channel_.counters_.queries.fetch_add(1, std::memory_order_relaxed);
    }
    ~Run() {
        channel_.wire_->limit_time({});
        channel_.statement_failed_ = channel_.statement_failed_ || !succeeded;
        count_run({sql_, Clock::now() - started_, succeeded, page}, channel_.options_,
                  channel_.counters_);
    }

    bool succeeded = false;
    StatementBook::Page* page = nullptr;  ///< null until it is prepared

private:
    Channel& channel_;
    std::string_view sql_;
    Clock::time_point started_;
};

void RequestQueries::count(std::int64_t queries) {
    const auto* bound = std::ranges::lower_bound(request_query_bounds, queries);
    buckets[static_cast<std::size_t>(bound - request_query_bounds.begin())].fetch_add(
        1, std::memory_order_relaxed);
    sum.fetch_add(static_cast<std::uint64_t>(queries), std::memory_order_relaxed);
}

Channel::Channel(std::unique_ptr<Wire> wire, Dialect dialect, const Options& options,
                 Counters& counters)
    : options_(options),
      counters_(counters),
      dialect_(dialect),
      wire_(std::move(wire)),
      cache_(static_cast<std::size_t>(options.statement_cache)) {
    ++counters_.open;
}

Channel::~Channel() {
    --counters_.open;
}

StatementCache::Entry& Channel::statement(std::string_view sql, std::span<const Argument> arguments,
                                          const Type* row) {
    if (auto* known = cache_.find(key_))
        return *known;
    auto made = wire_->prepare(sql, arguments, row);
    ++prepared_;
    return cache_.add({key_, std::move(made), counters_.statements.page_of(sql)});
}

void Channel::make_key(std::string_view sql, std::span<const Argument> arguments, const Type* row) {
    // One type may have several addresses, but no address has several types.
    const auto address = reinterpret_cast<std::uintptr_t>(row);
    key_.assign(reinterpret_cast<const char*>(&address), sizeof address)
        .append(sql)
        .push_back('\0');
    for (const auto& argument : arguments) {
        key_.append(argument.name);
        key_ += argument.type == nullptr ? 't' : letter_of(*argument.type);
        key_ += '\0';
    }
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
    make_key(sql, arguments, row);
    Run run(*this, sql);
    try {
        auto& entry = statement(sql, arguments, row);
        run.page = &entry.page;
        work(*entry.statement);
    } catch (const Failure& failure) {
        note(failure);
        const auto* used = cache_.find(key_);
        if (used != nullptr && !used->statement->survives(failure))
            cache_.remove(key_);
        throw;
    }
    run.succeeded = true;
}

std::int64_t Channel::execute(std::string_view sql, std::span<const Argument> arguments) {
    std::int64_t changed = 0;
    run(sql, arguments, nullptr,
        [&](Prepared& prepared) { changed = prepared.execute(arguments); });
    return changed;
}

void Channel::execute_later(std::string_view sql, std::span<const Argument> arguments) {
    // Without a commit it would wait for the next statement, which may be somebody else's.
    if (!in_transaction_)
        return (void)execute(sql, arguments);
    run(sql, arguments, nullptr, [&](Prepared& prepared) { prepared.execute_later(arguments); });
}

std::int64_t Channel::insert(const Batch& batch) {
    return insert_batch(
        dialect_, batch,
        [](void* self, std::string_view sql, std::span<const Argument> arguments) {
            return static_cast<Channel*>(self)->execute(sql, arguments);
        },
        this);
}

void Channel::select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                     void* rows, std::size_t cap) {
    run(sql, arguments, list.inner,
        [&](Prepared& prepared) { prepared.select(arguments, list, rows, cap); });
}

// Whoever gave up waiting for an answer has left it to come: nobody else may take it for his own.
void Channel::note(const Failure& failure) {
    broken_ = broken_ || failure.failure == FailureKind::unavailable || !wire_->connected();
}

void Channel::begin(Isolation isolation) {
    refuse_overdue("begin");
    if (!alive())
        throw Failure(FailureKind::unavailable,
                      "the connection to the database is lost, or its file was moved or deleted");
    try {
        wire_->begin(isolation);
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
        wire_->commit();
    } catch (const Failure& failure) {
        note(failure);
        throw;
    }
    in_transaction_ = false;
}

void Channel::rollback() noexcept {
    broken_ = !wire_->rollback() || broken_;
    in_transaction_ = statement_failed_ = false;
}

void Channel::run_script(std::string_view sql) {
    statement_failed_ = true;
    wire_->run_script(sql);
    statement_failed_ = false;
}

bool Channel::alive() {
    broken_ = broken_ || !wire_->attached();
    return !broken_;
}

bool Channel::usable() {
    broken_ = broken_ || !wire_->connected();
    return !broken_;
}

}  // namespace bulkhead::db
