#include "db/backup.hpp"

#include "db/ledger.hpp"
#include "db/pool.hpp"
#include "db/postgresql/tools.hpp"
#include "db/sqlite/copy.hpp"

#include <bulkhead/clock.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace bulkhead::db {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> beside{"-wal", "-shm", "-journal"};

Error refused(const std::string& sentence) {
    return Error::conflict("db.backup_refused", sentence);
}

// Of two at once each has its own.
fs::path draft_of(const fs::path& file) {
    return file.string() + ".partial-" + std::to_string(::getpid());
}

void refuse_overwriting(const fs::path& file) {
    for (const auto& path : {file, digest_file_of(file)})
        if (fs::exists(path))
            throw std::runtime_error(path.string() +
                                     " is there already; name another file, or say --force");
}

Backup copy_to(const fs::path& database, const fs::path& file, Overwrite overwrite,
               const sqlite::OnCopied& on_copied) {
    if (!fs::exists(database))
        throw std::runtime_error("there is no database at " + database.string() +
                                 "; correct database.url");
    if (overwrite == Overwrite::no)
        refuse_overwriting(file);
    DraftFile draft(draft_of(file));
    sqlite::copy_database(database, draft.path(), on_copied);
    Backup made{file.string(), draft.bytes(), draft.digest()};
    DraftFile digest(draft_of(digest_file_of(file)));
    digest.write(digest_line(made.sha256, file));
    // At no moment does a file stand beside the checksum of another one.
    if (overwrite == Overwrite::yes)
        ::unlink(digest_file_of(file).c_str());
    draft.put_in_place(file, overwrite);
    digest.put_in_place(digest_file_of(file), overwrite);
    return made;
}

/// 20261120T103000.123456Z: a name, so without colons.
std::string name_of_now() {
    auto text = to_text(now());
    std::erase_if(text, [](char sign) { return sign == '-' || sign == ':'; });
    return text;
}

void refuse_unless_ours(const Options& copy) {
    Pool pool(copy, ".");
    const HandlerScope scope;
    if (read_ledger(Database(pool).session()).empty())
        throw std::runtime_error(
            "it is no database of this program: it has no ledger of migrations");
}

/// A copy of `file` beside the database, known to be what was backed up.
void stage(const fs::path& file, const DraftFile& staged) {
    const auto recorded = recorded_digest(file);
    staged.copy_from(file);
    if (const auto found = staged.digest(); found != recorded)
        throw std::runtime_error("its SHA-256 is " + found + ", but " +
                                 digest_file_of(file).string() + " has " + recorded +
                                 ": take another backup");
    if (const auto damage = sqlite::damage_in(staged.path()); !damage.empty())
        throw std::runtime_error("the database in it is damaged (" + damage +
                                 "): take another backup");
}

// The old one keeps its name until the new one takes it. Logs that could not be folded into a
// damaged file go with it, because the new one must not be read with them.
std::string set_aside(const fs::path& database) {
    if (!fs::exists(database))
        return {};
    const auto kept = database.string() + ".before-restore-" + name_of_now();
    if (::link(database.c_str(), kept.c_str()) != 0)
        fail_with(errno, kept + " cannot be made");
    for (const auto end : beside) {
        const auto log = database.string() + std::string(end);
        if (fs::exists(log) && ::rename(log.c_str(), (kept + std::string(end)).c_str()) != 0)
            fail_with(errno, log + " cannot be set aside");
    }
    return kept;
}

Options of_file(Options options, const fs::path& file) {
    options.url = "sqlite://" + file.string();
    return options;
}

Result<Restored> put_back(const Options& options, const fs::path& database, const fs::path& file,
                          const std::function<Result<>(const Options& copy)>& check) {
    std::optional<sqlite::Exclusion> alone;
    if (fs::exists(database))
        alone.emplace(database);
    else if (database.has_parent_path())
        fs::create_directories(database.parent_path());
    DraftFile staged(database.string() + ".restoring");
    const auto copy = of_file(options, staged.path());
    try {
        stage(file, staged);
        refuse_unless_ours(copy);
    } catch (const std::runtime_error& refusal) {
        return refused(file.string() + " is not restored: " + refusal.what());
    }
    if (auto fine = check(copy); !fine)
        return refused(file.string() + " is not restored: " + fine.error().message);
    Restored done{database.string(), set_aside(database), staged.bytes()};
    staged.put_in_place(database, Overwrite::yes);
    return done;
}

Error use_instead(const std::string& command) {
    return refused("the database is one of PostgreSQL, which has tools of its own for that: " +
                   command);
}

}  // namespace

Result<Backup> back_up(const Options& options, const fs::path& folder, const fs::path& file,
                       Overwrite overwrite,
                       const std::function<void(std::int64_t, std::int64_t)>& on_copied) {
    const Pool pool(options, folder);
    if (pool.dialect() == Dialect::postgresql)
        return use_instead(postgresql::dump_command(options.url, file));
    try {
        return copy_to(pool.file(), file, overwrite, on_copied);
    } catch (const std::runtime_error& failure) {
        return refused("no backup was made: " + std::string(failure.what()));
    }
}

Result<Restored> restore(const Options& options, const fs::path& folder, const fs::path& file,
                         const std::function<Result<>(const Options& copy)>& check) {
    const Pool pool(options, folder);
    if (pool.dialect() == Dialect::postgresql)
        return use_instead(postgresql::restore_command(options.url, file));
    try {
        return put_back(options, pool.file(), file, check);
    } catch (const std::runtime_error& failure) {
        return refused("nothing was restored: " + std::string(failure.what()));
    }
}

}  // namespace bulkhead::db
