#include "commands.hpp"
#include "module/readiness.hpp"
#include "module/supervisor.hpp"

#include <unistd.h>

namespace bulkhead::app {
namespace {

struct Inherited {
    std::vector<int> listening;
    int ready = -1;
    int text = -1;
};

int work(const std::filesystem::path& file, const Inherited& inherited) {
    auto document = config::Document::open("/proc/self/fd/" + std::to_string(inherited.text), file);
    ::close(inherited.text);
    auto configuration = document ? module::configuration_of(*std::move(document))
                                  : Result<module::Configuration>(std::move(document.error()));
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
    command.add_option("--text", inherited->text, "Descriptor of the configuration's text")
        ->required();
}

}  // namespace bulkhead::app
