#pragma once

#include "db/engine.hpp"
#include "db/sqlite/cell.hpp"

#include <soci/session.h>
#include <soci/statement.h>

namespace sqlite_api {
struct sqlite3;
}

namespace bulkhead::db::sqlite {

/// Once per process, before its first connection: no lock around each call, because a connection is
/// of one thread at a time. Without effect where something else has used SQLite before.
void use_without_locks();

/// A connection in write-ahead logging mode, with foreign keys on.
class Wire final : public db::Wire {
public:
    /// `lock_wait`: how long a statement waits for another process. Throws Failure.
    Wire(std::filesystem::path file, Role role, std::chrono::milliseconds lock_wait,
         Synchronous synchronous);
    ~Wire() override;
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    soci::session& session() { return session_; }

    std::unique_ptr<Prepared> prepare(std::string_view sql, std::span<const Argument> arguments,
                                      const Type* row) override;
    /// Whatever `isolation` is: one writer at a time, who may write from the start on, so that it
    /// never fails half-way for a lock.
    void begin(Isolation isolation) override;
    void commit() override;
    bool rollback() noexcept override;
    void run_script(std::string_view sql) override;
    void limit_time(std::chrono::milliseconds limit) override;
    bool connected() override { return true; }
    /// False once the file was moved, replaced or deleted beneath the connection.
    bool attached() override;

    /// Names of the columns that a prepared statement gives, without executing it.
    static std::vector<std::string> columns(soci::statement& statement);
    /// Throws Failure (usage) unless `sql` was one statement with exactly these parameters.
    static void check(soci::statement& statement, std::string_view sql, std::size_t parameters);
    /// Whether the value under the cursor can be read as `storage` without changing it.
    static bool fits(soci::statement& statement, std::size_t column, Storage storage);

    /// All rows that were changed so far on this connection, those of triggers included.
    std::int64_t rows_changed() const;
    /// Rows that the last statement itself changed.
    std::int64_t rows_of_last_change() const;

    /// The last error, classified. SOCI's own text holds bound values and is not used.
    Failure failure(const soci::soci_error& error, std::string_view sql) const;

private:
    void set_up(Synchronous synchronous);
    void switch_to_wal();
    void wait_for_locks(std::chrono::milliseconds limit);
    void execute(const char* sql);
    void control(const char* sql);
    std::string pragma(const char* sql);
    bool in_transaction() const;
    Failure failure(int code, std::string_view sql) const;
    static int stop_when_late(void* wire);
    static int refuse_transaction_control(void* wire, int action, const char*, const char*,
                                          const char*, const char*);

    const std::filesystem::path file_;
    const Role role_;
    const std::chrono::milliseconds lock_wait_;
    soci::session session_;
    sqlite_api::sqlite3* connection_ = nullptr;  ///< of `session_`
    std::chrono::steady_clock::time_point stop_at_{};
    bool may_control_transactions_ = true;
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

}  // namespace bulkhead::db::sqlite
