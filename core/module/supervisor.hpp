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
    /// Opens what server.listen says. Refused while another server runs on server.data, or when the
    /// sockets cannot be opened.
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
int run_worker(Configuration configuration, std::span<const int> listening, Control& control);

}  // namespace bulkhead::module
