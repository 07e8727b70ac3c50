#pragma once

#include "support/running_server.hpp"

#include <set>

/// The generations of a running server, by what its supervisor logs. Whoever has one leaves the
/// server's lines to it.
class Generations {
public:
    explicit Generations(RunningServer& server)
        : server_(server), serving_(server.first_worker()) {}

    /// Has the server do what plugins.toml and the module directory say by now. Empty once the next
    /// generation serves, else why it does not.
    std::string apply();
    /// Waits until no old generation is left.
    void wait_for_drained();

    pid_t serving() const { return serving_; }
    /// As many as drained at once so far.
    std::size_t most_draining() const { return most_draining_; }

private:
    std::string take_line();

    RunningServer& server_;
    pid_t serving_;
    std::set<std::int64_t> draining_;  ///< pids
    std::size_t most_draining_ = 0;
};
