#pragma once

#include "support/deployment.hpp"

/// The port in the line of the log that says where a server listens.
std::uint16_t port_in(const std::string& listening);

/// The real program, serving on a port of its own until this ends.
class RunningServer {
public:
    /// Returns once it is ready; throws with its output when it does not become so.
    explicit RunningServer(const ServerSetup& setup = {});

    std::uint16_t port() const { return port_; }
    Process& process() { return process_; }
    const Deployment& deployment() const { return deployment_; }

    /// Waits for the next generation to be ready; the process that serves it.
    pid_t next_worker();
    /// The process that served when this was made.
    pid_t first_worker() const { return worker_; }

private:
    Deployment deployment_;
    Process process_;
    std::uint16_t port_;
    pid_t worker_;
};
