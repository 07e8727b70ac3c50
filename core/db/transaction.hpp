#pragma once

#include "db/scope.hpp"

namespace bulkhead::db {

/// The unit of work of this thread: rolled back at its end unless committed. Gives back what the
/// thread holds and leases the writer; throws Failure.
class Transaction {
public:
    explicit Transaction(Pool& pool, Isolation isolation = Isolation::read_committed);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    Session& session() { return connection_.session; }
    Channel& channel() { return *lease_; }

    /// Throws Failure (usage) if this is a transaction on another database.
    void must_be_of(const Pool& pool) const;
    /// Throws Failure (usage) if this one is weaker.
    void must_be(Isolation isolation) const;
    /// A step within was refused: from now on commit() is a Failure (usage), because it would keep
    /// half of that step.
    void refuse_commit() { refused_ = true; }
    void commit();
    void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }

private:
    void do_what_follows();

    Session::Connection& connection_;
    const Pool::Parts& pool_;
    const Isolation isolation_;
    Lease lease_;
    std::vector<std::function<void()>> after_commit_;
    bool refused_ = false;
    bool open_ = false;
};

}  // namespace bulkhead::db
