#include "db/transaction.hpp"

namespace bulkhead::db {

namespace {

Lease writer_instead_of_reader(Session::Connection& connection, Pool::Parts& pool) {
    connection.give_back_reader();
    return pool.writer();
}

}  // namespace

Transaction::Transaction(Pool::Parts& pool)
    : connection_(Session::Connection::of_this_thread()),
      pool_(pool),
      lease_(writer_instead_of_reader(connection_, pool)) {
    lease_->begin();
    open_ = true;
    connection_.transaction = this;
}

Transaction::~Transaction() {
    connection_.transaction = nullptr;
    if (open_)
        lease_->rollback();
}

void Transaction::must_be_of(const Pool::Parts& pool) const {
    if (&pool != &pool_)
        throw Failure(FailureKind::usage,
                      "a transaction on another database is open on this thread: end it first");
}

void Transaction::commit() {
    if (refused_)
        throw Failure(FailureKind::usage,
                      "a step within this transaction returned an error, or threw, and the outer "
                      "step wants to commit: return the inner error");
    lease_->commit();
    open_ = false;
    for (const auto& work : after_commit_)
        work();
}

void after_commit(Pool& pool, std::function<void()> work) {
    auto* transaction = Session::Connection::of_this_thread().transaction;
    if (transaction == nullptr)
        throw Failure(FailureKind::usage,
                      "this belongs into a transaction: call it within database.transaction(...)");
    transaction->must_be_of(pool.parts());
    transaction->after_commit(std::move(work));
}

}  // namespace bulkhead::db
