#include "db/sqlite/copy.hpp"

#include "db/sqlite/diagnosis.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace bulkhead::db::sqlite {

using namespace sqlite_api;  // SOCI's header puts all of SQLite there.

namespace {

constexpr int pages_a_step = 256;
constexpr int lock_wait_milliseconds = 2'000;

struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

/// A connection of these few steps alone, without the settings of those that serve.
class Plain {
public:
    explicit Plain(std::filesystem::path file) : file_(std::move(file)) {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(file_.c_str(), &opened,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
        connection_.reset(opened);
        require(code);
        sqlite3_busy_timeout(opened, lock_wait_milliseconds);
    }

    sqlite3* get() const { return connection_.get(); }

    /// The first value of the first row; empty without one.
    std::string ask(const char* sql) const {
        sqlite3_stmt* prepared = nullptr;
        require(sqlite3_prepare_v2(get(), sql, -1, &prepared, nullptr));
        const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
        const int code = sqlite3_step(prepared);
        require(code);
        const auto* text = code == SQLITE_ROW ? sqlite3_column_text(prepared, 0) : nullptr;
        return text == nullptr ? "" : reinterpret_cast<const char*>(text);
    }

    void require(int code) const {
        if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
            throw Failure(kind_of_code(code),
                          explain(code, sqlite3_errstr(code), Role::writer, file_));
    }

private:
    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> connection_;
};

// One transaction from the first page to the last: without it, each write of another process would
// begin the copy anew, for ever under load.
void copy_pages(const Plain& source, const Plain& target, const OnCopied& on_copied) {
    source.ask("begin");
    const auto page = std::stoll(source.ask("pragma page_size"));
    source.ask("select count(*) from sqlite_schema");
    const std::unique_ptr<sqlite3_backup, Close> backup(
        sqlite3_backup_init(target.get(), "main", source.get(), "main"));
    if (backup == nullptr)
        target.require(sqlite3_extended_errcode(target.get()));
    for (int code = SQLITE_OK; code != SQLITE_DONE;) {
        code = sqlite3_backup_step(backup.get(), pages_a_step);
        target.require(code);
        const std::int64_t all = sqlite3_backup_pagecount(backup.get());
        on_copied((all - sqlite3_backup_remaining(backup.get())) * page, all * page);
    }
}

std::string first_damage(const Plain& connection) {
    auto said = connection.ask("pragma integrity_check(1)");
    return said == "ok" ? "" : std::move(said);
}

bool is_damage(const Failure& failure) {
    return failure.failure == FailureKind::unavailable || failure.failure == FailureKind::other;
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   const OnCopied& on_copied) {
    std::string damage;
    try {
        const Plain source(from);
        const Plain target(to);
        // A copy that is not finished is worth nothing, so that nothing protects it meanwhile.
        target.ask("pragma journal_mode = off");
        target.ask("pragma synchronous = off");
        target.ask("pragma locking_mode = exclusive");
        copy_pages(source, target, on_copied);
        target.ask("pragma journal_mode = delete");
        damage = first_damage(target);
    } catch (const Failure& failure) {
        throw std::runtime_error(failure.what());
    }
    if (!damage.empty())
        throw std::runtime_error("the database " + from.string() + " is damaged (" + damage +
                                 "): restore it from a backup");
}

std::string damage_in(const std::filesystem::path& file) {
    try {
        return first_damage(Plain(file));
    } catch (const Failure&) {
        return "nothing in it can be read";
    }
}

struct Exclusion::Parts {
    Plain connection;
};

Exclusion::Exclusion(const std::filesystem::path& file) {
    try {
        auto parts = std::make_unique<Parts>(Plain(file));
        parts->connection.ask("pragma journal_mode = delete");
        parts->connection.ask("begin exclusive");
        parts_ = std::move(parts);
    } catch (const Failure& failure) {
        if (!is_damage(failure))
            throw std::runtime_error(failure.what());
    }
}

Exclusion::~Exclusion() = default;

}  // namespace bulkhead::db::sqlite
