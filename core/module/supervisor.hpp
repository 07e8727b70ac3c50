#pragma once

#include "module/configuration.hpp"

namespace bulkhead::module {

/// Refused with a sentence unless it reads "127.0.0.1:8080" or "[::1]:0"; opens nothing.
Result<> check_listen_address(std::string_view listen);
/// Opens the listening sockets of `listen` ("127.0.0.1:8080", "[::1]:0"), non-blocking and
/// close-on-exec; refused with a sentence: port in use, no such address, no permission.
Result<std::vector<int>> open_listeners(std::string_view listen);
/// Where such a socket listens, with the port that 0 became: "127.0.0.1:43121".
std::string bound_address(int listening);

/// Runs until SIGTERM or SIGINT. Owns the sockets, loads no module code, starts workers as
/// `program worker --config FILE --listening 3,4 --ready 5 --text 6`, replaces one that dies (at
/// once, then with growing pauses of at most a second), starts the next generation on SIGHUP and
/// drains the old one once the new one is ready. One thread; made and run on it, before any other
/// starts.
class Supervisor {
public:
    /// `program`: what the workers execute; empty: the running program.
    Supervisor(Configuration configuration, const std::filesystem::path& file,
               std::vector<int> listening, const std::filesystem::path& program = {});
    ~Supervisor();  ///< closes the sockets

    /// The exit status: 0 after a signal; 1, with a sentence on standard error, if the first
    /// generation never became ready.
    int run();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The worker's side: serves one generation on inherited sockets until SIGTERM (drain, then 0).
/// `ready_descriptor` >= 0 gets one line: "ready", or the reason why not. Also `serve --single`,
/// with -1 and sockets of its own. The sockets are closed as soon as it drains.
int run_worker(Configuration configuration, std::span<const int> listening, int ready_descriptor);

}  // namespace bulkhead::module
