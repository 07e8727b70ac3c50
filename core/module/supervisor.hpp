#pragma once

#include "module/listeners.hpp"

namespace bulkhead::module {

struct SupervisorOptions {
    bool safe = false;                ///< the core alone, whatever plugins.toml says
    std::filesystem::path program{};  ///< what the workers execute; empty: the running program
};

/// Runs until SIGTERM or SIGINT. Owns the sockets, loads no module code, starts workers (see
/// child.hpp), replaces one that dies, at once, then with growing pauses of at most a second, by
/// exactly what served. SIGHUP or `bulkhead apply` (admin.hpp) starts the next generation; the old
/// one drains once it is ready. A generation that breaks its probation is rolled back; a module
/// that ends its workers is quarantined. One thread; made and run on it, before any other starts.
class Supervisor {
public:
    /// Opens its sockets (listeners.hpp). Refused while another server runs on server.data, or when
    /// the sockets cannot be opened.
    static Result<Supervisor> open(Configuration configuration, const std::filesystem::path& file,
                                   const SupervisorOptions& options = {});
    Supervisor(Supervisor&&) noexcept;
    ~Supervisor();  ///< closes the sockets

    /// The exit status: 0 after a signal; 1, with a sentence on standard error, if the first
    /// generation never became ready.
    int run();

private:
    struct Parts;
    explicit Supervisor(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

class Control;

/// The worker's side: serves one generation on inherited sockets until SIGTERM (drain, then 0).
/// Also `serve --single`, with a control without supervisor and sockets of its own. The sockets are
/// closed as soon as it drains.
int run_worker(Configuration configuration, Listeners listening, Control& control);

}  // namespace bulkhead::module
