#include "db/backup.hpp"

#include "commands.hpp"
#include "loaded.hpp"
#include "log/log.hpp"
#include "module/data_lock.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

struct Wanted {
    std::filesystem::path file;
    db::Overwrite overwrite = db::Overwrite::no;
};

/// Each tenth of what takes its time, as a line for whoever waits.
class Progress {
public:
    void operator()(std::int64_t done, std::int64_t all) {
        constexpr std::int64_t large_bytes = 64 << 20;
        const auto tenth = all == 0 ? 0 : done * 10 / all;
        if (all < large_bytes || tenth <= told_)
            return;
        told_ = tenth;
        std::cerr << "copied " << tenth * 10 << " % of " << (all >> 20) << " MiB" << std::endl;
    }

private:
    std::int64_t told_ = 0;
};

Result<module::Configuration> configuration_of(const std::filesystem::path& config) {
    log::start(LogLevel::error, log::Destination::standard_error);
    return module::load_configuration(config);
}

Result<int> back_up(const Wanted& wanted, const CommandOptions& options) {
    const auto configuration = configuration_of(options.config);
    if (!configuration)
        return configuration.error();
    const auto made = db::back_up(configuration->database, configuration->document->folder(),
                                  wanted.file, wanted.overwrite, Progress());
    if (!made)
        return made.error();
    if (options.json)
        return std::cout << json::text_of(*made) << '\n', exit_done;
    std::cout << "backed up to " << made->file << ", " << made->bytes << " bytes, SHA-256 "
              << made->sha256 << '\n';
    return exit_done;
}

/// Whether this program, with the modules that are configured, could work on it.
Result<> check_ledger(const std::filesystem::path& config, const db::Options& copy) {
    auto loaded = load(config, copy.url);
    if (!loaded)
        return std::move(loaded.error());
    return db::check_migrations((*loaded)->pool(), (*loaded)->migration_sets());
}

Result<int> restore(const Wanted& wanted, const CommandOptions& options) {
    const auto configuration = configuration_of(options.config);
    if (!configuration)
        return configuration.error();
    const auto folder = configuration->document->folder();
    std::optional<module::DataLock> alone;
    if (db::Pool(configuration->database, folder).dialect() == db::Dialect::sqlite) {
        auto lock = module::DataLock::take(configuration->data_folder());
        if (!lock)
            return lock.error();
        alone.emplace(*std::move(lock));
    }
    const auto done = db::restore(
        configuration->database, folder, wanted.file,
        [&options](const db::Options& copy) { return check_ledger(options.config, copy); });
    if (!done)
        return done.error();
    if (options.json)
        return std::cout << json::text_of(*done) << '\n', exit_done;
    std::cout << "restored " << done->database << ", " << done->bytes << " bytes\n";
    if (!done->kept.empty())
        std::cout << "the database of before is kept as " << done->kept << '\n';
    return exit_done;
}

CLI::App& add(Program& program, const std::string& name, const std::string& summary,
              const std::shared_ptr<Wanted>& wanted,
              Result<int> (*run)(const Wanted&, const CommandOptions&)) {
    auto& command = program.add(
        name, summary, [wanted, run](const auto& options) { return run(*wanted, options); });
    command.add_option("FILE", wanted->file, "The file of the backup; FILE.sha256 is beside it")
        ->required();
    program.offer_json(command);
    return command;
}

}  // namespace

void add_backup(Program& program) {
    auto wanted = std::make_shared<Wanted>();
    auto& command =
        add(program, "backup", "Copy the database into a file, while it is used", wanted, back_up);
    command.add_flag_callback(
        "--force", [wanted] { wanted->overwrite = db::Overwrite::yes; },
        "Replace a file that is there already");
}

void add_restore(Program& program) {
    add(program, "restore", "Put the database of a backup in place; no server may run",
        std::make_shared<Wanted>(), restore);
}

}  // namespace bulkhead::app
