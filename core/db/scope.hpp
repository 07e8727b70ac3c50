#pragma once
// What one thread holds of the database, found by thread: so that a session can follow its handler
// into a transaction and out of it again.

#include "db/pool_parts.hpp"
#include "db/repetition.hpp"

namespace bulkhead::db {

class Transaction;

/// What every Session of a thread points to. It holds at most one lease: its transaction's, else a
/// reader's, which is taken when it is first needed.
struct Session::Connection {
    static Connection& of_this_thread();

    /// Throws Failure (usage) outside of any HandlerScope and transaction, or on another thread.
    Channel& channel();
    /// The session that reads from `wanted`; throws Failure.
    Session& session_of(Pool& wanted);
    /// Of the database that the session is of; leases nothing.
    Dialect dialect();
    void give_back_reader();
    void end_handler();
    /// A query is about to run on channel().
    void note_query(std::string_view sql);

    int handlers = 0;  ///< HandlerScopes that are open
    std::int64_t queries = 0;
    Repetition repetition;
    Transaction* transaction = nullptr;
    std::vector<std::string>* plans = nullptr;  ///< null: nobody wants to see any
    Session session{*this};

private:
    void lease_reader();

    Pool* pool_ = nullptr;
    Lease reader_;
};

}  // namespace bulkhead::db
