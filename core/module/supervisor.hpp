#pragma once

#include "module/configuration.hpp"

namespace bulkhead::module {

/// Opens the listening sockets of `listen` ("127.0.0.1:8080", "[::1]:0"), non-blocking and
/// close-on-exec; refused with a sentence: port in use, no such address, no permission.
Result<std::vector<int>> open_listeners(std::string_view listen);

/// Runs until SIGTERM or SIGINT. Owns the sockets, loads no module code, starts workers as
/// `program worker --config FILE --listening 3,4 --ready 5`, replaces one that dies (at once, then
/// with growing pauses of at most a second), starts the next generation on SIGHUP and drains the
/// old one once the new one is ready. Returns the exit status.
class Supervisor {
public:
    Supervisor(Configuration configuration, std::filesystem::path file, std::vector<int> listening);
    ~Supervisor();
    int run();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The worker's side: serves one generation on inherited sockets until SIGTERM (drain, then 0).
/// `ready_descriptor` >= 0 gets one line: "ready", or the reason why not. Also `serve --single`,
/// with -1 and sockets of its own.
int run_worker(Configuration configuration, std::span<const int> listening, int ready_descriptor);

}  // namespace bulkhead::module
