#include "commands.hpp"
#include "module/control.hpp"
#include "module/supervisor.hpp"

#include <unistd.h>

namespace bulkhead::app {
namespace {

struct Inherited {
    std::vector<int> plain, tls;
    int control = -1;
    int text = -1;
};

module::Listeners listeners_of(const Inherited& inherited) {
    std::vector<http::Listening> sockets;
    for (const int descriptor : inherited.plain)
        sockets.push_back({descriptor, http::Role::plain});
    for (const int descriptor : inherited.tls)
        sockets.push_back({descriptor, http::Role::tls});
    return module::Listeners(std::move(sockets));
}

int work(const std::filesystem::path& file, const Inherited& inherited) {
    auto document = config::Document::open("/proc/self/fd/" + std::to_string(inherited.text), file);
    ::close(inherited.text);
    auto configuration = document ? module::configuration_of(*std::move(document))
                                  : Result<module::Configuration>(std::move(document.error()));
    module::Control control(inherited.control);
    if (!configuration)
        return control.refuse(configuration.error().message);
    return module::run_worker(*std::move(configuration), listeners_of(inherited), control);
}

}  // namespace

void add_worker(Program& program) {
    auto inherited = std::make_shared<Inherited>();
    auto& command = program.add("worker", "One generation on the descriptors of its supervisor",
                                [inherited](const CommandOptions& options) -> Result<int> {
                                    return work(options.config, *inherited);
                                });
    command.group("");  // Hidden: only a supervisor has what it needs.
    command.add_option("--listening", inherited->plain, "Descriptors of listening sockets")
        ->delimiter(',');
    command.add_option("--tls", inherited->tls, "The same, of those where TLS is spoken")
        ->delimiter(',');
    command.add_option("--control", inherited->control, "Descriptor of the channel to it")
        ->required();
    command.add_option("--text", inherited->text, "Descriptor of the configuration's text")
        ->required();
}

}  // namespace bulkhead::app
