#include "commands.hpp"
#include "module/control.hpp"
#include "module/supervisor.hpp"
#include "watch.hpp"

namespace bulkhead::app {
namespace {

struct Serving {
    bool single = false;
    bool safe = false;
};

Result<int> serve_alone(module::Configuration configuration) {
    auto listening = module::Listeners::open(configuration);
    if (!listening)
        return std::move(listening.error());
    module::Control nobody(-1);
    return module::run_worker(std::move(configuration), *std::move(listening), nobody);
}

Result<int> serve(const std::filesystem::path& config, const Serving& wanted) {
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return configuration.error();
    if (wanted.single)
        return serve_alone(*std::move(configuration));
    auto supervisor =
        module::Supervisor::open(*std::move(configuration), config, {.safe = wanted.safe});
    if (!supervisor)
        return supervisor.error();
    return supervisor->run();
}

}  // namespace

void add_serve(Program& program) {
    auto wanted = std::make_shared<Serving>();
    auto watch = std::make_shared<WatchOptions>();
    auto& command = program.add(
        "serve", "Serve until SIGTERM or Ctrl-C; SIGHUP applies what has changed, as `apply` does",
        [wanted, watch](const CommandOptions& options) -> Result<int> {
            if (auto started = start_watching(*watch, options.config); !started)
                return std::move(started.error());
            return serve(options.config, *wanted);
        });
    offer_watch(command, *watch);
    auto* single =
        command.add_flag("--single", wanted->single,
                         "One process without a supervisor, for debuggers and containers");
    single->excludes("--watch");
    command.add_flag("--safe", wanted->safe, "The core alone, without any module")
        ->excludes(single);
}

}  // namespace bulkhead::app
