#pragma once
// The real program under attack: who else is served meanwhile, and what is left of it.

#include "support/attack.hpp"
#include "support/load.hpp"
#include "support/process_usage.hpp"
#include "support/running_server.hpp"

#include <optional>

/// A server whose patience is short, with neighbours that keep asking and forgive nothing.
class Siege {
public:
    /// Lines of [http] instead of the impatient ones, and further ones of [server].
    explicit Siege(const std::string& http = impatient, const std::string& server = {});

    /// One wave, to its end. Throws when an attack of that name does not exist.
    AttackReport suffer(std::string_view attack, int connections);

    RunningServer& server() { return server_; }
    ProcessUsage usage() const { return usage_of(server_.first_worker()); }
    /// At rest, before the first neighbour.
    const ProcessUsage& usage_before() const { return before_; }

    /// Waits until the neighbours have been served some more; what they complain of, else empty.
    std::string complaints();
    /// Sends the neighbours away; then whether each socket is given back, and memory up to this.
    bool is_as_before(std::size_t more_bytes);

    static constexpr auto impatient =
        "header_seconds = 1\nbody_idle_seconds = 1\nbody_seconds = 2\nkeep_alive_seconds = 3\n"
        "write_idle_seconds = 1\n";

private:
    RunningServer server_;
    ProcessUsage before_;
    std::optional<Load> neighbours_;
};
