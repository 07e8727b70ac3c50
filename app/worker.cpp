#include "commands.hpp"
#include "module/readiness.hpp"
#include "module/supervisor.hpp"

namespace bulkhead::app {
namespace {

struct Inherited {
    std::vector<int> listening;
    int ready = -1;
};

int work(const std::filesystem::path& config, const Inherited& inherited) {
    auto configuration = module::load_configuration(config);
    if (!configuration)
        return module::Readiness(inherited.ready).refuse(configuration.error().message);
    return module::run_worker(*std::move(configuration), inherited.listening, inherited.ready);
}

}  // namespace

void add_worker(Program& program) {
    auto inherited = std::make_shared<Inherited>();
    auto& command = program.add("worker", "One generation on the descriptors of its supervisor",
                                [inherited](const CommandOptions& options) -> Result<int> {
                                    return work(options.config, *inherited);
                                });
    command.group("");  // Hidden: only a supervisor has what it needs.
    command.add_option("--listening", inherited->listening, "Descriptors of listening sockets")
        ->delimiter(',')
        ->required();
    command.add_option("--ready", inherited->ready, "Descriptor of the pipe for one line")
        ->required();
}

}  // namespace bulkhead::app
