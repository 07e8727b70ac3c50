#include "commands.hpp"
#include "module/control.hpp"
#include "module/supervisor.hpp"

#include <unistd.h>

namespace bulkhead::app {
namespace {

struct Inherited {
    std::vector<int> listening;
    int control = -1;
    int text = -1;
};

int work(const std::filesystem::path& file, const Inherited& inherited) {
    auto document = config::Document::open("/proc/self/fd/" + std::to_string(inherited.text), file);
    ::close(inherited.text);
    auto configuration = document ? module::configuration_of(*std::move(document))
                                  : Result<module::Configuration>(std::move(document.error()));
    module::Control control(inherited.control);
    if (!configuration)
        return control.refuse(configuration.error().message);
    return module::run_worker(*std::move(configuration), inherited.listening, control);
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
    command.add_option("--control", inherited->control, "Descriptor of the channel to it")
        ->required();
    command.add_option("--text", inherited->text, "Descriptor of the configuration's text")
        ->required();
}

}  // namespace bulkhead::app
