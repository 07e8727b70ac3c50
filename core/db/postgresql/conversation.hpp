#pragma once

#include <bulkhead/session.hpp>

#include <libpq-fe.h>
#include <atomic>
#include <chrono>

namespace bulkhead::db::postgresql {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

/// Values on their way to a prepared statement, in the order of its parameters.
struct Values {
    std::vector<const char*> texts;  ///< null: NULL
    std::vector<int> lengths;        ///< bytes
};

/// A connection in libpq's pipeline mode: what is sent waits in its buffer until answers() makes
/// one round trip for all of it. Of one thread at a time. Throws Failure (unavailable) when the
/// connection is lost, (busy) when the answer takes too long, and (usage) for a copy from or to the
/// client; each time it is broken then.
class Conversation {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `connection` is open; it and the counter outlive this.
    Conversation(PGconn* connection, std::atomic<std::uint64_t>& round_trips);

    void prepare(const char* name, const char* sql, const std::vector<Oid>& types);
    void describe(const char* name);
    void execute(const char* name, const Values& values);
    void command(const char* sql);
    std::size_t sent() const { return sent_; }  ///< and not yet answered

    /// One for each of what was sent, in order; what follows a failed one says PIPELINE_ABORTED.
    std::vector<Answer> answers(Time give_up_at);

    /// Runs several statements as they stand; the answer of the last one, or of the first that
    /// failed. Nothing is sent and not answered before.
    Answer script(const char* sql, Time give_up_at);

    bool broken() const { return broken_; }
    /// A look at the socket.
    bool connected();

private:
    bool has_news() const;
    void note_sent(int accepted);
    void flush(Time give_up_at);
    Answer next(Time give_up_at);
    void wait(short events, Time give_up_at);
    [[noreturn]] void lost();

    PGconn* connection_;
    std::atomic<std::uint64_t>& round_trips_;
    std::size_t sent_ = 0;
    bool broken_ = false;
};

}  // namespace bulkhead::db::postgresql
