#pragma once
// Everything that differs between database engines, behind two classes; SQLite is the one there is.
// Its error codes are read in engine_diagnosis.cpp, its values in engine_cell.cpp.

#include "db/engine_cell.hpp"

#include <soci/session.h>
#include <soci/statement.h>
#include <chrono>
#include <filesystem>

namespace sqlite_api {
struct sqlite3;
}

namespace bulkhead::db {

/// A reader cannot write: the engine refuses it.
enum class Role : std::uint8_t { reader, writer };

/// Where the database is.
class Engine {
public:
    /// Throws std::runtime_error with a sentence for a URL that is no "sqlite://PATH". A relative
    /// PATH is relative to `folder`.
    Engine(std::string_view url, const std::filesystem::path& folder);

    const std::filesystem::path& file() const { return file_; }

    /// Makes missing folders (mode 0700), and the file (0600) unless it has been there before: a
    /// database that vanished is not replaced by an empty one. Throws Failure (unavailable) with a
    /// sentence and its remedy.
    void prepare_file(bool may_create) const;

    /// How many tables have the name :name.
    static constexpr std::string_view tables_named =
        "select count(*) from sqlite_master where type = 'table' and name = :name";

private:
    std::filesystem::path file_;
};

/// One connection as its engine sees it. Of one thread at a time.
class Wire {
public:
    /// `lock_wait`: how long a statement waits for another process. Throws Failure.
    Wire(const Engine& engine, Role role, std::chrono::milliseconds lock_wait);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    soci::session& session() { return session_; }

    /// A transaction that may write from its start on, so that it never fails half-way for a lock.
    void begin();
    void commit();
    /// False if the connection cannot be used any more.
    bool rollback() noexcept;
    bool in_transaction() const;

    /// Every statement of a script; throws Failure naming the line.
    void run_script(std::string_view sql);

    /// From now on what runs is stopped after `limit` (Failure busy); zero: never.
    void limit_time(std::chrono::milliseconds limit);

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

    /// False once the file was moved, replaced or deleted beneath the connection.
    bool attached() const;

private:
    void set_up();
    void switch_to_wal();
    void wait_for_locks(std::chrono::milliseconds limit);
    void execute(const char* sql);
    void control(const char* sql);
    std::string pragma(const char* sql);
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

}  // namespace bulkhead::db
