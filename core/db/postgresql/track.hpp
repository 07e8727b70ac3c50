#pragma once

#include "db/back_off.hpp"
#include "db/channel.hpp"
#include "db/postgresql/json_rows.hpp"
#include "db/postgresql/wire.hpp"
#include "value/fast_lane.hpp"
#include "value/reactor.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <thread>

namespace bulkhead::db::postgresql {

/// What all tracks of a pool share; outlives them.
struct Yard {
    const Options& options;
    Counters& counters;
    BackOff& back_off;
    std::function<std::unique_ptr<Wire>()> connect;  ///< blocks; any thread; throws Failure
};

/// One connection of an I/O thread: questions leave it together once a turn of the loop, and are
/// answered in order. Connects on a thread of its own when it is first asked. Of its reactor's
/// thread.
class Track {
public:
    Track(const Yard& yard, value::Reactor& reactor, value::Receiver& receiver);
    ~Track();
    Track(const Track&) = delete;
    Track& operator=(const Track&) = delete;

    /// Whether it takes another question now; begins to connect if that is what it lacks.
    bool open();
    /// As FastLane::ask; only while open().
    bool ask(const value::QueryForm& form, const value::Question& question, value::Ticket ticket);
    void sweep();

private:
    using Clock = std::chrono::steady_clock;

    /// Prepared, or about to be.
    struct Statement {
        Statement(std::string text, const Type* row, std::shared_ptr<void> scratch,
                  std::string name, StatementBook::Page& page)
            : sql(std::move(text)),
              row(row),
              scratch(std::move(scratch)),
              name(std::move(name)),
              page(page) {}

        const std::string sql;
        const Type* const row;
        const std::shared_ptr<void> scratch;
        const std::string name;
        StatementBook::Page& page;
        std::vector<std::size_t> inputs{};
        std::optional<JsonRow> rows{};
        std::exception_ptr refusal{};  ///< why it cannot be run
    };

    enum class Kind : std::uint8_t { prepare, describe, execute, sync };
    /// What was sent and is not answered yet.
    struct Sent {
        Kind kind;
        std::shared_ptr<Statement> statement{};
        value::Ticket ticket = 0;
        Clock::time_point at{};
    };

    void connect();
    void connected(std::shared_ptr<Wire> wire);
    void lose();
    bool is_late(Clock::duration patience) const;

    std::shared_ptr<Statement> statement_for(const value::QueryForm& form,
                                             const value::Question& question);
    std::shared_ptr<Statement> prepare(const value::QueryForm& form,
                                       const value::Question& question);
    void forget(const Statement& statement);
    void store(const Statement& statement, std::span<const Argument> arguments);

    void flush_soon();
    void flush();
    bool push();
    void hear();
    void take(const Sent& sent, const PGresult& answer);
    void describe(Statement& statement, const PGresult& description);
    void answer(const Sent& sent, const PGresult& answer);
    void refuse(const Sent& sent, const PGresult& answer);
    void count(const Sent& sent, bool succeeded);

    const Yard& yard_;
    value::Reactor& reactor_;
    value::Receiver& receiver_;
    std::shared_ptr<Wire> wire_;
    PGconn* connection_ = nullptr;
    std::unique_ptr<value::Watch> watch_;  // Ends before the connection that it watches.
    std::map<std::pair<const char*, const Type*>, std::shared_ptr<Statement>> statements_;
    std::deque<Sent> sent_;
    std::size_t questions_ = 0;  ///< among them
    std::uint64_t names_ = 0;
    std::string buffer_;
    Values values_;
    bool flushing_ = false;
    bool connecting_ = false;
    Clock::time_point opened_at_{};
    std::shared_ptr<const Track*> alive_ = std::make_shared<const Track*>(this);
    std::thread connector_;
};

}  // namespace bulkhead::db::postgresql
