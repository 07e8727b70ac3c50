#include "db/postgresql/conversation.hpp"

#include <bulkhead/deadline.hpp>

#include <poll.h>
#include <algorithm>
#include <cerrno>

namespace bulkhead::db::postgresql {

namespace {

using Clock = std::chrono::steady_clock;

/// For poll(): rounded up, so that it does not return just before.
int milliseconds_until(Conversation::Time time) {
    if (time == Conversation::Time::max())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

// libpq says so for ever, until the data has been sent or taken.
bool is_copy(ExecStatusType status) {
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

}  // namespace

Conversation::Conversation(PGconn* connection, std::atomic<std::uint64_t>& round_trips)
    : connection_(connection), round_trips_(round_trips) {
    if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1)
        lost();
}

void Conversation::prepare(const char* name, const char* sql, const std::vector<Oid>& types) {
    note_sent(PQsendPrepare(connection_, name, sql, static_cast<int>(types.size()), types.data()));
}

void Conversation::describe(const char* name) {
    note_sent(PQsendDescribePrepared(connection_, name));
}

void Conversation::execute(const char* name, const Values& values) {
    note_sent(PQsendQueryPrepared(connection_, name, static_cast<int>(values.texts.size()),
                                  values.texts.data(), values.lengths.data(), nullptr, 0));
}

void Conversation::command(const char* sql) {
    note_sent(PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0));
}

void Conversation::note_sent(int accepted) {
    if (accepted != 1)
        lost();
    ++sent_;
}

std::vector<Answer> Conversation::answers(Time give_up_at) {
    if (PQpipelineSync(connection_) != 1)
        lost();
    flush(give_up_at);
    std::vector<Answer> all;
    all.reserve(sent_);
    while (sent_ > 0) {
        all.push_back(next(give_up_at));
        if (all.back() == nullptr)
            lost();
        while (next(give_up_at) != nullptr) {
        }
        --sent_;
    }
    if (const auto end = next(give_up_at);
        end == nullptr || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC)
        lost();
    return all;
}

Answer Conversation::script(const char* sql, Time give_up_at) {
    if (PQexitPipelineMode(connection_) != 1 || PQsendQuery(connection_, sql) != 1)
        lost();
    flush(give_up_at);
    Answer last;
    while (auto answer = next(give_up_at))
        last = std::move(answer);
    if (PQenterPipelineMode(connection_) != 1)
        lost();
    return last;
}

// While the other side writes much, it may not read: both ways are open at once.
void Conversation::flush(Time give_up_at) {
    round_trips_.fetch_add(1, std::memory_order_relaxed);
    for (int left = PQflush(connection_); left != 0; left = PQflush(connection_)) {
        if (left < 0)
            lost();
        wait(POLLIN | POLLOUT, give_up_at);
    }
}

Answer Conversation::next(Time give_up_at) {
    while (PQisBusy(connection_) == 1)
        wait(POLLIN, give_up_at);
    Answer answer(PQgetResult(connection_));
    if (is_copy(PQresultStatus(answer.get()))) {
        broken_ = true;
        throw Failure(FailureKind::usage,
                      "copy from stdin and copy to stdout are not for statements: use insert "
                      "and select");
    }
    return answer;
}

void Conversation::wait(short events, Time give_up_at) {
    pollfd socket{PQsocket(connection_), events, 0};
    const int ready = poll(&socket, 1, milliseconds_until(give_up_at));
    if (ready < 0 && errno != EINTR)
        lost();
    if (ready == 0 && Clock::now() >= give_up_at) {
        broken_ = true;
        throw Failure(FailureKind::busy,
                      nobody_waits()
                          ? "timeout: stopped at the request's deadline (http.request_seconds)"
                          : "timeout: stopped after database.statement_timeout_ms");
    }
    if ((socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0 && PQconsumeInput(connection_) != 1)
        lost();
}

// libpq's own words may quote the URL.
void Conversation::lost() {
    broken_ = true;
    throw Failure(FailureKind::unavailable, "the connection to the database was lost");
}

bool Conversation::connected() {
    // A notice is news, too, and a server that stops says so before it hangs up: the end of the
    // connection is news that cannot be consumed.
    while (!broken_ && has_news())
        broken_ = PQconsumeInput(connection_) != 1;
    broken_ = broken_ || PQstatus(connection_) != CONNECTION_OK;
    return !broken_;
}

bool Conversation::has_news() const {
    pollfd socket{PQsocket(connection_), POLLIN, 0};
    return socket.fd < 0 || poll(&socket, 1, 0) != 0;
}

}  // namespace bulkhead::db::postgresql
