#include "db/transaction.hpp"

namespace bulkhead::db {

namespace {

Lease writer_instead_of_reader(Session::Connection& connection, Pool& pool) {
    connection.give_back_reader();
    return pool.parts().writer(pool.share());
}

}  // namespace

Transaction::Transaction(Pool& pool, Isolation isolation)
    : connection_(Session::Connection::of_this_thread()),
      pool_(pool.parts()),
      isolation_(isolation),
      lease_(writer_instead_of_reader(connection_, pool)) {
    lease_->begin(isolation);
    open_ = true;
    connection_.transaction = this;
}

Transaction::~Transaction() {
    connection_.transaction = nullptr;
    if (open_)
        lease_->rollback();
}

void Transaction::must_be_of(const Pool& pool) const {
    if (&pool.parts() != &pool_)
        throw Failure(FailureKind::usage,
                      "a transaction on another database is open on this thread: end it first");
}

void Transaction::must_be(Isolation isolation) const {
    if (isolation > isolation_)
        throw Failure(FailureKind::usage,
                      "this step is to be " +
                          std::string(names(isolation)[std::size_t(isolation)]) +
                          ", but the transaction that it joins is " +
                          std::string(names(isolation)[std::size_t(isolation_)]) +
                          ": give the outermost database.transaction(...) this isolation");
}

void Transaction::commit() {
    if (refused_)
        throw Failure(FailureKind::usage,
                      "a step within this transaction returned an error, or threw, and the outer "
                      "step wants to commit: return the inner error");
    try {
        lease_->commit();
    } catch (const Failure&) {
        // A connection that was lost may have been lost behind the commit.
        if (lease_->broken())
            do_what_follows();
        throw;
    }
    open_ = false;
    do_what_follows();
}

void Transaction::do_what_follows() {
    for (const auto& work : after_commit_)
        work();
}

void after_commit(Pool& pool, std::function<void()> work) {
    auto* transaction = Session::Connection::of_this_thread().transaction;
    if (transaction == nullptr)
        throw Failure(FailureKind::usage,
                      "this belongs into a transaction: call it within database.transaction(...)");
    transaction->must_be_of(pool);
    transaction->after_commit(std::move(work));
}

}  // namespace bulkhead::db
