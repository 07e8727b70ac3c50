#include "db/sqlite/wire.hpp"

#include "db/overdue.hpp"
#include "db/sql_text.hpp"
#include "db/sqlite/diagnosis.hpp"
#include "db/sqlite/statement.hpp"

#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <algorithm>
#include <thread>

namespace bulkhead::db::sqlite {

using namespace sqlite_api;  // SOCI's header puts all of SQLite there.

namespace {

constexpr int steps_between_clock_readings = 1000;

// Without the check of the dynamic type, as dynamic_cast would need it, too: SOCI's library does
// not export the type information of its backends.
sqlite3* connection_of(soci::session& session) {
    if (session.get_backend_name() != "sqlite3")
        throw Failure(FailureKind::other, "the connection is none of SQLite");
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

sqlite3_stmt* prepared_in(soci::statement& statement) {
    return static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
}

int step_code(sqlite3* connection, int result) {
    return result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW
               ? SQLITE_OK
               : sqlite3_extended_errcode(connection);
}

std::string connect_string(const std::filesystem::path& file) {
    return "db=\"" + file.string() + "\"";
}

std::size_t leading_blanks(std::string_view text) {
    return std::min(text.find_first_not_of(" \t\r\n;"), text.size());
}

/// The line of `sql` at which its last part, `rest`, is wrong: `offset` bytes into it, or, for
/// errors of its execution (-1), where it starts.
std::int64_t line_of_error(std::string_view sql, std::string_view rest, int offset) {
    const auto into = offset < 0 ? leading_blanks(rest) : static_cast<std::size_t>(offset);
    return 1 + std::ranges::count(sql.substr(0, sql.size() - rest.size() + into), '\n');
}

}  // namespace

void use_without_locks() {
    static const int result = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)result;
}

Wire::Wire(std::filesystem::path file, Role role, std::chrono::milliseconds lock_wait,
           Synchronous synchronous)
    : file_(std::move(file)), role_(role), lock_wait_(lock_wait) {
    try {
        session_.open(*soci::factory_sqlite3(), connect_string(file_));
        connection_ = connection_of(session_);
    } catch (const soci::sqlite3_soci_error& error) {
        throw Failure(FailureKind::unavailable,
                      explain(SQLITE_CANTOPEN, sqlite3_errstr(error.result()), role_, file_));
    }
    set_up(synchronous);
}

Wire::~Wire() = default;

void Wire::set_up(Synchronous synchronous) {
    wait_for_locks(lock_wait_);
    // A misspelt column in double quotes is an error, not a text.
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    switch_to_wal();
    execute(synchronous == Synchronous::full ? "pragma synchronous = full"
                                             : "pragma synchronous = normal");
    execute("pragma foreign_keys = on");
    if (role_ == Role::reader)
        execute("pragma query_only = on");
    sqlite3_progress_handler(connection_, steps_between_clock_readings, stop_when_late, this);
    sqlite3_set_authorizer(connection_, refuse_transaction_control, this);
    may_control_transactions_ = false;

    struct stat found{};
    if (stat(file_.c_str(), &found) == 0)
        device_ = found.st_dev, inode_ = found.st_ino;
}

// SQLite does not wait for the lock that this one change needs, so we do.
void Wire::switch_to_wal() {
    const auto give_up_at = std::chrono::steady_clock::now() + lock_wait_;
    while (pragma("pragma journal_mode") != "wal") {
        try {
            pragma("pragma journal_mode = wal");
        } catch (const Failure& failure) {
            if (failure.failure != FailureKind::busy ||
                std::chrono::steady_clock::now() >= give_up_at)
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        if (pragma("pragma journal_mode") != "wal")
            throw Failure(FailureKind::unavailable,
                          "the database " + file_.string() +
                              " cannot use write-ahead logging: move it to a local disk");
    }
}

void Wire::execute(const char* sql) {
    if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw failure(sqlite3_extended_errcode(connection_), sql);
}

std::string Wire::pragma(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    int result = sqlite3_prepare_v2(connection_, sql, -1, &statement, nullptr);
    std::string value;
    if (result == SQLITE_OK && (result = sqlite3_step(statement)) == SQLITE_ROW)
        value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    const int code = step_code(connection_, result);
    if (code != SQLITE_OK) {
        auto refusal = failure(code, sql);
        sqlite3_finalize(statement);
        throw refusal;
    }
    sqlite3_finalize(statement);
    return value;
}

void Wire::control(const char* sql) {
    may_control_transactions_ = true;
    const int result = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
    may_control_transactions_ = false;
    if (result != SQLITE_OK)
        throw failure(sqlite3_extended_errcode(connection_), sql);
}

void Wire::wait_for_locks(std::chrono::milliseconds limit) {
    sqlite3_busy_timeout(connection_, static_cast<int>(limit.count()));
}

std::unique_ptr<Prepared> Wire::prepare(std::string_view sql, std::span<const Argument> arguments,
                                        const Type* row) {
    return std::make_unique<Statement>(*this, sql, arguments, row);
}

void Wire::begin(Isolation) {
    wait_for_locks(within_deadline(lock_wait_));
    control("begin immediate");
}

void Wire::commit() {
    control("commit");
}

bool Wire::rollback() noexcept {
    // After a full disk, for one, SQLite has rolled back already.
    may_control_transactions_ = true;
    if (in_transaction())
        sqlite3_exec(connection_, "rollback", nullptr, nullptr, nullptr);
    may_control_transactions_ = false;
    return !in_transaction();
}

bool Wire::in_transaction() const {
    return sqlite3_get_autocommit(connection_) == 0;
}

void Wire::run_script(std::string_view sql) {
    limit_time({});
    for (auto rest = sql; !rest.empty();) {
        sqlite3_stmt* statement = nullptr;
        const char* tail = nullptr;
        int result = sqlite3_prepare_v2(connection_, rest.data(), static_cast<int>(rest.size()),
                                        &statement, &tail);
        const auto line = line_of_error(sql, rest, sqlite3_error_offset(connection_));
        while (statement != nullptr && (result == SQLITE_OK || result == SQLITE_ROW))
            result = sqlite3_step(statement);
        const int code = step_code(connection_, result);
        const std::string message = code == SQLITE_OK ? "" : sqlite3_errmsg(connection_);
        sqlite3_finalize(statement);
        if (code != SQLITE_OK)
            throw Failure(kind_of_code(code), "line " + std::to_string(line) + ": " +
                                                  explain(code, message, role_, file_));
        rest.remove_prefix(static_cast<std::size_t>(tail - rest.data()));
    }
}

void Wire::limit_time(std::chrono::milliseconds limit) {
    stop_at_ = limit.count() == 0 ? std::chrono::steady_clock::time_point{}
                                  : std::chrono::steady_clock::now() + limit;
}

int Wire::stop_when_late(void* wire) {
    const auto stop_at = static_cast<const Wire*>(wire)->stop_at_;
    return stop_at != std::chrono::steady_clock::time_point{} &&
                   std::chrono::steady_clock::now() > stop_at
               ? 1
               : 0;
}

// A commit of somebody's own would end the unit of work of all who share it.
int Wire::refuse_transaction_control(void* wire, int action, const char*, const char*, const char*,
                                     const char*) {
    const bool is_ours = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT ||
                         action == SQLITE_ATTACH || action == SQLITE_DETACH;
    return is_ours && !static_cast<const Wire*>(wire)->may_control_transactions_ ? SQLITE_DENY
                                                                                 : SQLITE_OK;
}

std::vector<std::string> Wire::columns(soci::statement& statement) {
    auto* prepared = prepared_in(statement);
    std::vector<std::string> names;
    for (int column = 0; column < sqlite3_column_count(prepared); ++column)
        names.emplace_back(sqlite3_column_name(prepared, column));
    return names;
}

void Wire::check(soci::statement& statement, std::string_view sql, std::size_t parameters) {
    auto* prepared = prepared_in(statement);
    if (prepared == nullptr)
        throw Failure(FailureKind::usage, "there is no statement in: " + shortened(sql));
    const std::string_view taken = sqlite3_sql(prepared);
    const auto rest = sql.substr(taken.size());
    if (leading_blanks(rest) != rest.size())
        throw Failure(FailureKind::usage,
                      "one statement at a time, but this text goes on: " + shortened(sql));
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(prepared)) != parameters)
        throw Failure(FailureKind::usage,
                      "every parameter is written :name, but not in: " + shortened(sql));
}

bool Wire::fits(soci::statement& statement, std::size_t column, Storage storage) {
    const int found = sqlite3_column_type(prepared_in(statement), static_cast<int>(column));
    if (storage == Storage::text || found == SQLITE_NULL)
        return true;
    return found == SQLITE_INTEGER || (storage == Storage::number && found == SQLITE_FLOAT);
}

std::int64_t Wire::rows_changed() const {
    return sqlite3_total_changes64(connection_);
}

std::int64_t Wire::rows_of_last_change() const {
    return sqlite3_changes64(connection_);
}

Failure Wire::failure(const soci::soci_error& error, std::string_view sql) const {
    const auto* own = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    if (own == nullptr)
        return Failure(FailureKind::other, "the database driver failed in: " + shortened(sql));
    return failure(sqlite3_extended_errcode(connection_), sql);
}

Failure Wire::failure(int code, std::string_view sql) const {
    const std::string message = sqlite3_errmsg(connection_);
    auto [table, columns] = constrained_columns(message);
    return Failure(kind_of_code(code),
                   explain(code, message, role_, file_) + " in: " + shortened(sql),
                   std::move(table), std::move(columns));
}

bool Wire::attached() {
    struct stat found{};
    return stat(file_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

}  // namespace bulkhead::db::sqlite
