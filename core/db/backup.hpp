#pragma once
// The database as one file of its own, and back.

#include "db/kept_file.hpp"
#include "db/options.hpp"

#include <bulkhead/result.hpp>

#include <filesystem>
#include <functional>

namespace bulkhead::db {

/// A file that a backup is in.
struct Backup {
    std::string file;
    std::int64_t bytes = 0;
    std::string sha256;

    static auto fields() {
        return shape(field("file", &Backup::file), field("bytes", &Backup::bytes),
                     field("sha256", &Backup::sha256));
    }
};

/// Copies the database as it is at one moment into `file`, while others use it, and writes
/// FILE.sha256. Both appear whole, readable by this user alone. Refused with one sentence, and
/// nothing left behind, where `file` is there already, where it cannot be written, where the
/// database is damaged; and on PostgreSQL, by the command that does it there. A relative path in
/// options.url is relative to `folder`.
Result<Backup> back_up(const Options& options, const std::filesystem::path& folder,
                       const std::filesystem::path& file, Overwrite overwrite,
                       const std::function<void(std::int64_t done, std::int64_t all)>& on_copied);

/// What was put in place, and where the database of before lies now: empty if there was none.
struct Restored {
    std::string database;
    std::string kept;
    std::int64_t bytes = 0;

    static auto fields() {
        return shape(field("database", &Restored::database), field("kept", &Restored::kept),
                     field("bytes", &Restored::bytes));
    }
};

/// Puts the database of a backup in the place of the one of options.url, in one step: whatever ends
/// this process, the old one is there or the new one, whole. Refused where the file is not what was
/// backed up, where it is damaged or has no ledger of migrations, where `check` refuses it, given
/// options for the copy that is to be put in place, and while another process has the database
/// open; on PostgreSQL by the command that does it there.
Result<Restored> restore(const Options& options, const std::filesystem::path& folder,
                         const std::filesystem::path& file,
                         const std::function<Result<>(const Options& copy)>& check);

}  // namespace bulkhead::db
