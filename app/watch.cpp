#include "watch.hpp"

#include "module/announce.hpp"
#include "module/delivery.hpp"
#include "module/rebuilder.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace bulkhead::app {
namespace {

/// The server that these modules are for.
class Server {
public:
    Server(pid_t pid, std::filesystem::path config, module::Configuration configuration)
        : pid_(pid),
          config_(std::move(config)),
          configuration_(std::move(configuration)),
          applied_(module::state_of_modules(configuration_)) {}

    void take_what_was_built(const std::filesystem::path& folder) {
        // One that cannot be used is the supervisor's to refuse.
        if (auto read = module::load_configuration(config_))
            configuration_ = *std::move(read);
        if (const auto done = module::deliver_modules(folder, configuration_); !done)
            return module::complain(done.error().message);
        auto state = module::state_of_modules(configuration_);
        if (state == applied_)
            return module::complain("no module has changed, there is nothing to apply");
        applied_ = std::move(state);
        apply();
    }

private:
    void apply() const {
        module::complain("applying");
        ::kill(pid_, SIGHUP);
    }

    pid_t pid_;
    std::filesystem::path config_;
    module::Configuration configuration_;
    module::DirectoryState applied_;
};

int watch(module::FolderWatch folder, const std::string& build, Server server) {
    try {
        const auto root = folder.folder();
        module::Rebuilder(std::move(folder), {build, [&] { server.take_what_was_built(root); }})
            .run();
        return 0;
    } catch (const std::exception& broken) {  // The border of the process.
        module::complain(std::string(broken.what()) + "; nothing is watched any more");
        return 1;
    }
}

// The supervisor takes it once it listens to signals; until then it would end this process.
void hold_reload() {
    sigset_t reload;
    ::sigemptyset(&reload);
    ::sigaddset(&reload, SIGHUP);
    ::sigprocmask(SIG_BLOCK, &reload, nullptr);
}

}  // namespace

void offer_watch(CLI::App& command, WatchOptions& options) {
    auto* watch = command.add_option("--watch", options.folder,
                                     "Build what is saved below FOLDER, by default here, and "
                                     "apply it");
    watch->type_name("[FOLDER]")->expected(0, 1);
    command
        .add_option("--build", options.build,
                    "With --watch: the command that builds, run in FOLDER")
        ->type_name("COMMAND")
        ->capture_default_str()
        ->needs(watch);
    options.watch = watch;
}

Result<> start_watching(const WatchOptions& options, const std::filesystem::path& config) {
    if (options.watch->count() == 0)
        return Done{};
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return std::move(configuration.error());
    auto folder = module::FolderWatch::open(options.folder.empty() ? "." : options.folder);
    if (!folder)
        return std::move(folder.error());
    hold_reload();
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        return Error::unavailable("watch.no_process",
                                  "no process can be had for --watch; free memory and repeat");
    if (child > 0)
        return Done{};
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
        ::_exit(1);
    ::_exit(watch(*std::move(folder), options.build,
                  Server(parent, std::filesystem::absolute(config), *std::move(configuration))));
}

}  // namespace bulkhead::app
