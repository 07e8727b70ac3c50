#include "db/scope.hpp"

#include "db/transaction.hpp"

namespace bulkhead::db {

Session::Connection& Session::Connection::of_this_thread() {
    static thread_local Connection connection;
    return connection;
}

Channel& Session::Connection::channel() {
    if (this != &of_this_thread())
        throw Failure(FailureKind::usage,
                      "a session was used on another thread than its own: ask database.session() "
                      "on each thread");
    if (transaction != nullptr)
        return transaction->channel();
    if (!reader_)
        lease_reader();
    return *reader_;
}

Session& Session::Connection::session_of(Pool& wanted) {
    if (transaction != nullptr) {
        transaction->must_be_of(wanted);
        return session;
    }
    // What a handler holds stays, though the module that it calls has a share of its own.
    if (pool_ != nullptr && &pool_->parts() != &wanted.parts())
        give_back_reader();
    if (!reader_)
        pool_ = &wanted;
    channel();
    return session;
}

Dialect Session::Connection::dialect() {
    return pool_ != nullptr && transaction == nullptr ? pool_->dialect() : channel().dialect();
}

void Session::Connection::lease_reader() {
    if (handlers == 0 || pool_ == nullptr)
        throw Failure(FailureKind::usage,
                      "there is no session outside of a handler: query within one, or use "
                      "database.transaction(...)");
    reader_ = pool_->parts().reader(pool_->share());
}

void Session::Connection::give_back_reader() {
    reader_.end();
}

void Session::Connection::note_query(std::string_view sql) {
    if (handlers > 0)
        repetition.note(sql, channel().options().repeated_queries);
}

void Session::Connection::end_handler() {
    reader_.end();
    if (pool_ != nullptr && queries > 0)
        pool_->parts().counters.requests.count(queries);
    pool_ = nullptr;
}

HandlerScope::HandlerScope() {
    enter();
}

HandlerScope::~HandlerScope() {
    leave();
}

void HandlerScope::enter() {
    auto& connection = Session::Connection::of_this_thread();
    if (connection.handlers++ > 0)
        return;
    connection.queries = 0;
    connection.repetition.begin();
}

std::int64_t HandlerScope::leave() {
    auto& connection = Session::Connection::of_this_thread();
    if (--connection.handlers == 0)
        connection.end_handler();
    return connection.queries;
}

std::int64_t HandlerScope::queries() {
    return Session::Connection::of_this_thread().queries;
}

}  // namespace bulkhead::db
