#include "db/postgresql/track.hpp"

#include "db/postgresql/diagnosis.hpp"
#include "db/postgresql/value.hpp"
#include "db/run.hpp"
#include "db/sql_text.hpp"
#include "log/log.hpp"
#include "value/alternate_stack.hpp"

namespace bulkhead::db::postgresql {

namespace {

using std::chrono::milliseconds;

/// Questions on one connection; more are for the workers.
constexpr std::size_t most_questions = 128;

/// What is asked behind a question as slow as this would wait for it: workers take it instead.
constexpr milliseconds patience(20);

/// The server stops a statement by itself; beyond this it is not heard of any more.
constexpr milliseconds grace(1'000);

class RowsOf final : public value::Rows {
public:
    RowsOf(const JsonRow& form, const PGresult& rows) : form_(form), rows_(rows) {}

    std::size_t count() const override { return static_cast<std::size_t>(PQntuples(&rows_)); }
    void write(std::size_t row, std::string& out) const override {
        form_.write(rows_, static_cast<int>(row), out);
    }
    void write_field(std::size_t row, std::string_view field, std::string& out) const override {
        form_.write_field(rows_, static_cast<int>(row), field, out);
    }

private:
    const JsonRow& form_;
    const PGresult& rows_;
};

Failure lost_connection() {
    return Failure(FailureKind::unavailable, "the connection to the database was lost");
}

}  // namespace

Track::Track(const Yard& yard, value::Reactor& reactor, value::Receiver& receiver)
    : yard_(yard), reactor_(reactor), receiver_(receiver) {}

Track::~Track() {
    if (connector_.joinable())
        connector_.join();
    if (wire_)
        --yard_.counters.open;
}

bool Track::open() {
    if (!wire_) {
        connect();
        return false;
    }
    return questions_ < most_questions && !is_late(patience);
}

bool Track::is_late(Clock::duration patience) const {
    return !sent_.empty() && Clock::now() - sent_.front().at > patience;
}

void Track::connect() {
    if (connecting_ || yard_.back_off.waiting())
        return;
    if (connector_.joinable())
        connector_.join();  // It has nothing more to do.
    connecting_ = true;
    connector_ =
        std::thread([this, alive = std::weak_ptr(alive_), &yard = yard_, &reactor = reactor_] {
            const value::AlternateStack for_crashes;
            std::shared_ptr<Wire> wire;
            try {
                wire = yard.connect();
                yard.back_off.succeeded();
            } catch (const Failure& failure) {
                yard.back_off.failed(failure);
            }
            reactor.post([this, alive, wire] {
                if (!alive.expired())
                    connected(wire);
            });
        });
}

void Track::connected(std::shared_ptr<Wire> wire) {
    connecting_ = false;
    if (wire == nullptr)
        return;
    wire_ = std::move(wire);
    connection_ = wire_->pipeline();
    opened_at_ = Clock::now();
    ++yard_.counters.open;
    watch_ = reactor_.watch(PQsocket(connection_), [this] { hear(); });
    watch_->await_readable();
}

// Who waits hears of it when the connection is none any more: what they do may ask anew.
void Track::lose() {
    watch_.reset();
    statements_.clear();
    connection_ = nullptr;
    if (std::exchange(wire_, nullptr))
        --yard_.counters.open;
    questions_ = 0;
    for (const auto& sent : std::exchange(sent_, {}))
        if (sent.kind == Kind::execute)
            receiver_.fail(sent.ticket, std::make_exception_ptr(lost_connection()));
}

void Track::sweep() {
    if (!wire_)
        return;
    if (is_late(milliseconds(yard_.options.statement_timeout_ms) + grace))
        return lose();
    const bool outlived =
        Clock::now() - opened_at_ > std::chrono::seconds(yard_.options.lifetime_seconds);
    if (sent_.empty() && outlived)
        lose();
}

std::shared_ptr<Track::Statement> Track::statement_for(const value::QueryForm& form,
                                                       const value::Question& question) {
    auto& known = statements_[{question.sql.data(), form.list->inner}];
    if (known == nullptr)
        known = prepare(form, question);
    return known;
}

// Its answers come before those of whoever runs it.
std::shared_ptr<Track::Statement> Track::prepare(const value::QueryForm& form,
                                                 const value::Question& question) {
    const auto parameters = parameter_names(question.sql);
    const auto made = std::make_shared<Statement>(std::string(question.sql), form.list->inner,
                                                  form.make_row(), "q" + std::to_string(++names_),
                                                  yard_.counters.statements.page_of(question.sql));
    made->inputs = arguments_of(parameters, question.arguments, question.sql);
    std::vector<Oid> types;
    for (const auto index : made->inputs)
        types.push_back(parameter_type(question.arguments[index].type));
    if (PQsendPrepare(connection_, made->name.c_str(), numbered(question.sql, parameters).c_str(),
                      static_cast<int>(types.size()), types.data()) != 1 ||
        PQsendDescribePrepared(connection_, made->name.c_str()) != 1) {
        lose();
        throw lost_connection();
    }
    sent_.push_back({Kind::prepare, made, 0, Clock::now()});
    sent_.push_back({Kind::describe, made, 0, Clock::now()});
    return made;
}

void Track::forget(const Statement& statement) {
    std::erase_if(statements_, [&](const auto& known) { return known.second.get() == &statement; });
}

// The buffer may move while it grows, so the addresses are taken once all is in it.
void Track::store(const Statement& statement, std::span<const Argument> arguments) {
    buffer_.clear();
    values_.lengths.clear();
    values_.texts.clear();
    for (const auto index : statement.inputs) {
        const auto start = buffer_.size();
        const bool stored = postgresql::store(arguments[index], buffer_);
        values_.lengths.push_back(stored ? static_cast<int>(buffer_.size() - start) : -1);
        buffer_ += '\0';
    }
    const char* next = buffer_.data();
    for (const int length : values_.lengths) {
        values_.texts.push_back(length < 0 ? nullptr : next);
        next += std::max(length, 0) + 1;
    }
}

bool Track::ask(const value::QueryForm& form, const value::Question& question,
                value::Ticket ticket) {
    flush_soon();
    const auto statement = statement_for(form, question);
    store(*statement, question.arguments);
    if (PQsendQueryPrepared(connection_, statement->name.c_str(),
                            static_cast<int>(values_.texts.size()), values_.texts.data(),
                            values_.lengths.data(), nullptr, 0) != 1) {
        lose();
        return false;
    }
    yard_.counters.queries.fetch_add(1, std::memory_order_relaxed);
    sent_.push_back({Kind::execute, statement, ticket, Clock::now()});
    ++questions_;
    return true;
}

// With all that this turn of the loop brings: one system call, and one transaction, for many.
void Track::flush_soon() {
    if (std::exchange(flushing_, true))
        return;
    reactor_.post([this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired())
            flush();
    });
}

void Track::flush() {
    flushing_ = false;
    if (!wire_ || sent_.empty())
        return;
    if (PQpipelineSync(connection_) != 1)
        return lose();
    sent_.push_back({Kind::sync, {}, 0, Clock::now()});
    push();
}

// False once the connection is lost.
bool Track::push() {
    const int left = PQflush(connection_);
    if (left < 0)
        return lose(), false;
    if (left > 0)
        watch_->await_writable();
    return true;
}

void Track::hear() {
    if (PQconsumeInput(connection_) != 1 || PQstatus(connection_) != CONNECTION_OK)
        return lose();
    while (!sent_.empty() && PQisBusy(connection_) == 0) {
        const Answer answer(PQgetResult(connection_));
        if (answer == nullptr)
            continue;
        const auto sent = std::move(sent_.front());
        sent_.pop_front();
        take(sent, *answer);
        if (!wire_)
            return;
    }
    if (push())
        watch_->await_readable();
}

void Track::take(const Sent& sent, const PGresult& answer) {
    const auto status = PQresultStatus(&answer);
    const bool in_order = (status == PGRES_PIPELINE_SYNC) == (sent.kind == Kind::sync);
    if (!in_order) {
        if (sent.kind == Kind::execute)
            receiver_.fail(sent.ticket, std::make_exception_ptr(lost_connection()));
        return lose();
    }
    if (sent.kind == Kind::execute)
        --questions_;
    if (status == PGRES_PIPELINE_ABORTED || status == PGRES_FATAL_ERROR)
        refuse(sent, answer);
    else if (sent.kind == Kind::describe)
        describe(*sent.statement, answer);
    else if (sent.kind == Kind::execute)
        this->answer(sent, answer);
}

void Track::describe(Statement& statement, const PGresult& description) {
    try {
        statement.rows.emplace(description, *statement.row, statement.scratch, statement.sql);
    } catch (const Failure&) {
        statement.refusal = std::current_exception();
        forget(statement);
    }
}

void Track::answer(const Sent& sent, const PGresult& answer) {
    count(sent, !sent.statement->refusal);
    if (sent.statement->refusal)
        return receiver_.fail(sent.ticket, sent.statement->refusal);
    receiver_.take(sent.ticket, RowsOf(*sent.statement->rows, answer));
}

// One that fails takes those behind it along that were sent together with it.
void Track::refuse(const Sent& sent, const PGresult& answer) {
    auto& statement = *sent.statement;
    const bool aborted = PQresultStatus(&answer) == PGRES_PIPELINE_ABORTED;
    if (sent.kind != Kind::execute || !statement.rows)
        forget(statement);
    if (!aborted) {
        const auto failure = failure_of(answer, statement.sql);
        if (failure.failure == FailureKind::usage || failure.failure == FailureKind::other)
            forget(statement);
        const auto refusal = std::make_exception_ptr(failure);
        if (sent.kind == Kind::execute)
            return count(sent, false), receiver_.fail(sent.ticket, refusal);
        statement.refusal = refusal;
    }
    if (sent.kind != Kind::execute)
        return;
    if (statement.refusal)
        receiver_.fail(sent.ticket, statement.refusal);
    else
        receiver_.give_back(sent.ticket);
}

void Track::count(const Sent& sent, bool succeeded) {
    const log::RequestScope scope(receiver_.request_id(sent.ticket));
    yard_.counters.requests.count(1);
    count_run({sent.statement->sql, Clock::now() - sent.at, succeeded, &sent.statement->page},
              yard_.options, yard_.counters);
}

}  // namespace bulkhead::db::postgresql
