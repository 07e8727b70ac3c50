#include "db/transaction.hpp"

#include <random>
#include <thread>

namespace bulkhead::db {

namespace {

using std::chrono::microseconds;

// Doubling, and half of it by chance, so that those who collided do not meet again.
microseconds pause_before(std::int32_t attempt) {
    static thread_local std::minstd_rand random(std::random_device{}());
    const std::int64_t longest = std::int64_t{2000} << std::min(attempt, 6);
    return microseconds(longest / 2 +
                        std::uniform_int_distribution<std::int64_t>(0, longest / 2)(random));
}

/// A step within a transaction that somebody else will commit.
class Joined {
public:
    explicit Joined(Transaction& transaction) : transaction_(transaction) {}
    ~Joined() {
        if (!succeeded)
            transaction_.refuse_commit();
    }
    bool succeeded = false;

private:
    Transaction& transaction_;
};

}  // namespace

Session& Database::session() {
    return Session::Connection::of_this_thread().session_of(*pool_);
}

void Database::release() {
    Session::Connection::of_this_thread().give_back_reader();
}

void Database::run_transaction(Step step) {
    run_transaction(step, Isolation::read_committed);
}

void Database::run_transaction(Step step, Isolation isolation) {
    if (auto* outer = Session::Connection::of_this_thread().transaction) {
        outer->must_be_of(*pool_);
        outer->must_be(isolation);
        Joined joined(*outer);
        joined.succeeded = step.call(step.object, outer->session());
        return;
    }
    for (std::int32_t attempt = 1;; ++attempt) {
        try {
            Transaction transaction(*pool_, isolation);
            if (step.call(step.object, transaction.session()))
                transaction.commit();
            return;
        } catch (const Failure& failure) {
            if (failure.failure != FailureKind::serialization ||
                attempt >= pool_->parts().options.transaction_attempts)
                throw;
        }
        std::this_thread::sleep_for(pause_before(attempt));
    }
}

}  // namespace bulkhead::db
