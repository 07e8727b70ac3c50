#pragma once

#include "db/engine.hpp"
#include "db/postgresql/conversation.hpp"

#include <soci/session.h>

namespace bulkhead::db::postgresql {

/// A connection that SOCI opened, and libpq's pipeline beneath it: what begins a transaction
/// travels with its first statement, what was left for later with the next one or the commit.
class Wire final : public db::Wire {
public:
    /// `place`: for messages. Counts what it waits for in `round_trips`. Throws Failure
    /// (unavailable).
    Wire(const std::string& conninfo, const std::string& place, const Options& options,
         std::atomic<std::uint64_t>& round_trips);
    ~Wire() override;
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    std::unique_ptr<Prepared> prepare(std::string_view sql, std::span<const Argument> arguments,
                                      const Type* row) override;
    void begin(Isolation isolation) override;
    void commit() override;
    bool rollback() noexcept override;
    void run_script(std::string_view sql) override;
    void limit_time(std::chrono::milliseconds limit) override;
    bool connected() override { return conversation_->connected(); }
    bool attached() override { return conversation_->connected(); }

    /// Its name and the names of its columns.
    struct Declared {
        std::string name;
        std::vector<std::string> columns;
    };
    Declared declare(const std::string& sql, const std::vector<Oid>& types);
    /// The answer of this statement, once all that was left for later has succeeded.
    Answer run(const std::string& name, const Values& values, std::string_view sql);
    void leave(const std::string& name, const Values& values, std::string_view sql);
    /// Lets go of a statement; any time.
    void drop(std::string name);

    /// For a track, which speaks to it by itself: nonblocking and in pipeline mode.
    PGconn* pipeline();

private:
    void set_up();
    void queue(std::string_view sql);
    void queue_drops();
    Answer round_trip(std::string_view sql);
    std::chrono::steady_clock::time_point give_up_at() const;

    const Options& options_;
    soci::session session_;
    std::optional<Conversation> conversation_;
    std::vector<std::string> queued_;   ///< what was sent without waiting for its answer
    std::vector<std::string> dropped_;  ///< names of statements that nobody needs any more
    std::uint64_t statements_ = 0;
    std::chrono::steady_clock::time_point stop_at_{};
    bool in_transaction_ = false;
    bool begun_ = false;  ///< the server was told of the transaction
};

}  // namespace bulkhead::db::postgresql
