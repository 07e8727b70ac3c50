#include "commands.hpp"
#include "module/supervisor.hpp"

namespace bulkhead::app {
namespace {

enum class Processes : std::uint8_t { supervisor_and_workers, single };

Result<int> serve(const std::filesystem::path& config, Processes processes) {
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return configuration.error();
    auto listening = module::open_listeners(configuration->server.listen);
    if (!listening)
        return listening.error();
    if (processes == Processes::supervisor_and_workers)
        return module::Supervisor(*std::move(configuration), config, *std::move(listening)).run();

    return module::run_worker(*std::move(configuration), *listening, -1);
}

}  // namespace

void add_serve(Program& program) {
    auto single = std::make_shared<bool>(false);
    auto& command = program.add(
        "serve", "Serve until SIGTERM or Ctrl-C; SIGHUP applies a changed configuration",
        [single](const CommandOptions& options) {
            return serve(options.config,
                         *single ? Processes::single : Processes::supervisor_and_workers);
        });
    command.add_flag("--single", *single,
                     "One process without a supervisor, for debuggers and containers");
}

}  // namespace bulkhead::app
