#include "db/postgresql/wire.hpp"

#include "db/migration_text.hpp"
#include "db/postgresql/diagnosis.hpp"
#include "db/postgresql/statement.hpp"
#include "db/sql_text.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The server stops a statement by itself; beyond this it is not heard of any more.
constexpr milliseconds grace(1'000);

// Without the check of the dynamic type: SOCI's library does not export its type information.
PGconn* connection_of(soci::session& session) {
    if (session.get_backend_name() != "postgresql")
        throw Failure(FailureKind::other, "the connection is none of PostgreSQL");
    return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

void ignore_notice(void*, const char*) {}

bool is_error(const PGresult& answer) {
    const auto status = PQresultStatus(&answer);
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

std::string begin_text(Isolation isolation) {
    return "begin isolation level " +
           std::string(names(isolation)[static_cast<std::size_t>(isolation)]) + " read write";
}

/// The line of a script that an error is in, by its position in characters.
// Where the server does not say, the line on which the text begins.
std::int64_t line_of(const PGresult& answer, std::string_view sql) {
    const char* position = PQresultErrorField(&answer, PG_DIAG_STATEMENT_POSITION);
    const auto start = std::min(sql.find_first_not_of('\n'), sql.size());
    std::int64_t characters =
        position == nullptr ? static_cast<std::int64_t>(start) : std::atoll(position) - 1;
    std::int64_t line = 1;
    for (const char c : sql) {
        if (characters <= 0)
            break;
        line += c == '\n' ? 1 : 0;
        characters -= (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
    }
    return line;
}

// A commit of somebody's own would end the unit of work of all who share it.
constexpr std::string_view control_is_ours =
    "begin, commit and savepoint are the core's: use database.transaction(...)";

}  // namespace

Wire::Wire(const std::string& conninfo, const std::string& place, const Options& options,
           std::atomic<std::uint64_t>& round_trips)
    : options_(options) {
    try {
        session_.open(*soci::factory_postgresql(), conninfo);
    } catch (const soci::soci_error&) {
        // What SOCI says of it may quote the URL, password and all.
        throw Failure(FailureKind::unavailable,
                      "the database at " + place +
                          " cannot be reached, or refuses who asks: start it, or correct "
                          "database.url");
    }
    auto* connection = connection_of(session_);
    PQsetNoticeProcessor(connection, ignore_notice, nullptr);
    conversation_.emplace(connection, round_trips);
    set_up();
}

Wire::~Wire() = default;

// Reads outside of a transaction cannot write; a client that has gone is noticed while it waits;
// and what compiling a plan costs pays off for no statement of a request.
void Wire::set_up() {
    const auto timeout = std::to_string(options_.statement_timeout_ms);
    limit_time(milliseconds(options_.connect_timeout_ms));
    const auto answer = conversation_->script(
        ("set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set standard_conforming_strings = on;"
         " set default_transaction_read_only = on; set client_connection_check_interval = 1000;"
         " set jit = off; set lock_timeout = " +
         std::to_string(options_.acquire_timeout_ms) + "; set statement_timeout = " + timeout)
            .c_str(),
        stop_at_);
    if (answer == nullptr || is_error(*answer))
        throw Failure(FailureKind::unavailable, "the database cannot be used yet");
    limit_time({});
}

std::unique_ptr<Prepared> Wire::prepare(std::string_view sql, std::span<const Argument> arguments,
                                        const Type* row) {
    return std::make_unique<Statement>(*this, sql, arguments, row);
}

void Wire::queue(std::string_view sql) {
    queued_.emplace_back(sql);
}

// In a failed transaction the server would refuse it.
void Wire::queue_drops() {
    if (in_transaction_)
        return;
    for (const auto& name : dropped_) {
        conversation_->command(("deallocate " + name).c_str());
        queue("deallocate");
    }
    dropped_.clear();
}

// What was sent before is answered first, and its failure is the failure of this step.
Answer Wire::round_trip(std::string_view sql) {
    const auto earlier = std::exchange(queued_, {});
    auto answers = conversation_->answers(give_up_at());
    for (std::size_t index = 0; index < answers.size(); ++index)
        if (is_error(*answers[index]))
            throw failure_of(*answers[index], index < earlier.size() ? earlier[index] : sql);
    return std::move(answers.back());
}

Wire::Declared Wire::declare(const std::string& sql, const std::vector<Oid>& types) {
    if (!first_control(sql).text.empty())
        throw Failure(FailureKind::usage, std::string(control_is_ours) + " in: " + shortened(sql));
    Declared declared{"s" + std::to_string(++statements_), {}};
    queue_drops();
    conversation_->prepare(declared.name.c_str(), sql.c_str(), types);
    queue(sql);
    conversation_->describe(declared.name.c_str());
    const auto description = round_trip(sql);
    for (int column = 0; column < PQnfields(description.get()); ++column)
        declared.columns.emplace_back(PQfname(description.get(), column));
    return declared;
}

Answer Wire::run(const std::string& name, const Values& values, std::string_view sql) {
    queue_drops();
    conversation_->execute(name.c_str(), values);
    return round_trip(sql);
}

void Wire::leave(const std::string& name, const Values& values, std::string_view sql) {
    conversation_->execute(name.c_str(), values);
    queue(sql);
}

void Wire::drop(std::string name) {
    dropped_.push_back(std::move(name));
}

PGconn* Wire::pipeline() {
    return connection_of(session_);
}

void Wire::begin(Isolation isolation) {
    conversation_->command(begin_text(isolation).c_str());
    queue("begin");
    queue_drops();  // Behind it: after a query of the same round trip it could not allow writing.
    in_transaction_ = true;
}

void Wire::commit() {
    conversation_->command("commit");
    const auto answer = round_trip("commit");
    in_transaction_ = false;
    // The server's answer to the commit of a transaction that had failed.
    if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT")
        throw Failure(FailureKind::other, "the database rolled the transaction back");
}

bool Wire::rollback() noexcept {
    try {
        in_transaction_ = false;
        if (!conversation_->connected())
            return false;
        // What is still on its way may fail, and ends with the transaction all the same.
        if (conversation_->sent() > 0)
            (void)conversation_->answers(give_up_at());
        queued_.clear();
        conversation_->command("rollback");
        return !is_error(*conversation_->answers(give_up_at()).back());
    } catch (const std::exception&) {
        return false;
    }
}

void Wire::run_script(std::string_view sql) {
    if (const auto control = first_control(sql); !control.text.empty())
        throw Failure(FailureKind::usage,
                      "line " + std::to_string(control.line) + ": " + std::string(control_is_ours));
    if (conversation_->sent() > 0)
        (void)round_trip("begin");
    const std::string text(sql);
    (void)conversation_->script("set local statement_timeout = 0", Clock::time_point::max());
    const auto answer = conversation_->script(text.c_str(), Clock::time_point::max());
    if (answer != nullptr && is_error(*answer)) {
        const auto failure = failure_of(*answer, {});
        std::string_view words = failure.what();
        words.remove_suffix(std::string_view(" in: ").size());
        throw Failure(failure.failure,
                      "line " + std::to_string(line_of(*answer, sql)) + ": " + std::string(words),
                      failure.table, failure.columns);
    }
}

void Wire::limit_time(milliseconds limit) {
    stop_at_ = limit.count() == 0 ? Clock::time_point{} : Clock::now() + limit;
    // The server's own limit comes first where it is the shorter one.
    if (limit == milliseconds(options_.statement_timeout_ms))
        stop_at_ += grace;
}

Clock::time_point Wire::give_up_at() const {
    return stop_at_ == Clock::time_point{}
               ? Clock::now() + milliseconds(options_.statement_timeout_ms) + grace
               : stop_at_;
}

}  // namespace bulkhead::db::postgresql
