#include "support/running_server.hpp"

#include <stdexcept>

namespace {

void seed(const Deployment& deployment) {
    for (const auto& command : {std::vector<std::string>{"migrate", "up"}, {"seed"}})
        if (const auto ended = deployment.run(command); ended.status != 0)
            throw std::runtime_error(command.front() + ": " + ended.output + ended.errors);
}

std::vector<std::string> serve_arguments(const Deployment& deployment, const ServerSetup& setup) {
    if (setup.seeded)
        seed(deployment);
    std::vector<std::string> arguments{"serve", "--config", deployment.config()};
    if (setup.single)
        arguments.emplace_back("--single");
    return arguments;
}

}  // namespace

// ...,"address":"[::1]:43121"}
std::uint16_t port_in(const std::string& listening) {
    return static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1)));
}

RunningServer::RunningServer(const ServerSetup& setup)
    : deployment_(setup),
      process_(BULKHEAD_PROGRAM, serve_arguments(deployment_, setup)),
      port_(port_in(process_.wait_for_line(R"("message":"listening")"))),
      worker_(next_worker()) {}

pid_t RunningServer::next_worker() {
    return static_cast<pid_t>(number_in(process_.wait_for_line("generation ready"), "pid"));
}
