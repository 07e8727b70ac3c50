#include "db/sqlite/diagnosis.hpp"

#include <bulkhead/deadline.hpp>

#include <soci/sqlite3/soci-sqlite3.h>
#include <algorithm>
#include <array>

namespace bulkhead::db::sqlite {

namespace {

struct Reading {
    int code;
    FailureKind kind;
};

// Extended codes first: the first line that fits decides.
constexpr std::array readings{
    Reading{SQLITE_CONSTRAINT_UNIQUE, FailureKind::unique_violation},
    Reading{SQLITE_CONSTRAINT_PRIMARYKEY, FailureKind::unique_violation},
    Reading{SQLITE_CONSTRAINT_ROWID, FailureKind::unique_violation},
    Reading{SQLITE_CONSTRAINT_FOREIGNKEY, FailureKind::foreign_key_violation},
    Reading{SQLITE_CONSTRAINT_CHECK, FailureKind::check_violation},
    Reading{SQLITE_CONSTRAINT_NOTNULL, FailureKind::not_null_violation},
    Reading{SQLITE_BUSY_SNAPSHOT, FailureKind::serialization},
    Reading{SQLITE_BUSY_RECOVERY, FailureKind::serialization},
    Reading{SQLITE_READONLY_DBMOVED, FailureKind::unavailable},
    Reading{SQLITE_READONLY_CANTINIT, FailureKind::unavailable},
    Reading{SQLITE_READONLY_CANTLOCK, FailureKind::unavailable},
    Reading{SQLITE_READONLY_DIRECTORY, FailureKind::unavailable},
    Reading{SQLITE_READONLY_RECOVERY, FailureKind::unavailable},
    Reading{SQLITE_BUSY, FailureKind::busy},
    Reading{SQLITE_INTERRUPT, FailureKind::busy},
    Reading{SQLITE_LOCKED, FailureKind::serialization},
    Reading{SQLITE_READONLY, FailureKind::read_only},
    Reading{SQLITE_FULL, FailureKind::full},
    Reading{SQLITE_CANTOPEN, FailureKind::unavailable},
    Reading{SQLITE_IOERR, FailureKind::unavailable},
    Reading{SQLITE_CORRUPT, FailureKind::unavailable},
    Reading{SQLITE_NOTADB, FailureKind::unavailable},
    Reading{SQLITE_ERROR, FailureKind::usage},
    Reading{SQLITE_AUTH, FailureKind::usage},
    Reading{SQLITE_MISMATCH, FailureKind::usage},
    Reading{SQLITE_MISUSE, FailureKind::usage},
    Reading{SQLITE_RANGE, FailureKind::usage},
    Reading{SQLITE_TOOBIG, FailureKind::usage},
};

int primary(int code) {
    return code & 0xff;
}

struct Remedy {
    int code;
    std::string_view text;  ///< follows the file's name
};

constexpr std::array remedies{
    Remedy{SQLITE_READONLY, " is read-only: let this user write it and its folder"},
    Remedy{SQLITE_CANTOPEN,
           " cannot be opened: let this user write it and its folder, or correct database.url"},
    Remedy{SQLITE_NOTADB, " is no SQLite database: move that file away, or correct database.url"},
    Remedy{SQLITE_CORRUPT, " is damaged: restore it from a backup"},
    Remedy{SQLITE_IOERR, " cannot be read or written: look for disk errors in the system's log"},
    Remedy{SQLITE_FULL, " cannot grow, because the disk is full: free some space"},
    Remedy{SQLITE_BUSY, " is locked by another process: end what holds it, or wait"},
};

}  // namespace

FailureKind kind_of_code(int code) {
    const auto fits = [code](const Reading& reading) {
        return reading.code == code || reading.code == primary(code);
    };
    const auto* found = std::ranges::find_if(readings, fits);
    return found == readings.end() ? FailureKind::other : found->kind;
}

Constrained constrained_columns(std::string_view message) {
    constexpr std::string_view lead = " constraint failed: ";
    Constrained found;
    const auto start = message.find(lead);
    if (start == std::string_view::npos || message.starts_with("CHECK"))
        return found;
    auto rest = message.substr(start + lead.size());
    while (!rest.empty()) {
        const auto name = rest.substr(0, rest.find(", "));
        const auto dot = name.find('.');
        if (dot == std::string_view::npos)
            return {};
        found.table = name.substr(0, dot);
        found.columns.emplace_back(name.substr(dot + 1));
        rest.remove_prefix(std::min(rest.size(), name.size() + 2));
    }
    return found;
}

std::string explain(int code, std::string_view message, Role role,
                    const std::filesystem::path& file) {
    if (code == SQLITE_READONLY && role == Role::reader)
        return "a write outside of a transaction: use database.transaction(...)";
    if (primary(code) == SQLITE_AUTH)
        return "begin, commit, savepoint and attach are the core's: use database.transaction(...)";
    if (primary(code) == SQLITE_INTERRUPT)
        return nobody_waits() ? "timeout: stopped at the request's deadline (http.request_seconds)"
                              : "timeout: stopped after database.statement_timeout_ms";
    const auto* remedy = std::ranges::find(remedies, primary(code), &Remedy::code);
    if (remedy == remedies.end())
        return std::string(message);
    return "the database " + file.string() + std::string(remedy->text) + " (" +
           std::string(message) + ")";
}

}  // namespace bulkhead::db::sqlite
