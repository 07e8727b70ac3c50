#pragma once

#include "module/folder_watch.hpp"
#include "module/signals.hpp"

#include <sys/types.h>

#include <chrono>
#include <functional>

namespace bulkhead::module {

struct RebuildSteps {
    std::string build;              ///< a command for /bin/sh, run in the watched folder
    std::function<void()> deliver;  ///< what follows a build that succeeded
};

/// Builds what is saved: once at the start, and then after each change, one build at a time. What
/// changes during a build is built by one more, and only the last one is delivered. What the
/// command prints, and how it ended, goes to standard error. One thread, which nobody else's
/// signals reach.
class Rebuilder {
public:
    Rebuilder(FolderWatch watch, RebuildSteps steps);
    Rebuilder(const Rebuilder&) = delete;
    Rebuilder& operator=(const Rebuilder&) = delete;
    ~Rebuilder();  ///< ends a build

    void run();  ///< until SIGTERM or SIGINT; throws as FolderWatch does

private:
    using Clock = std::chrono::steady_clock;

    void wait() const;
    void take_changes();
    void take_signals();
    void start_what_is_due();
    void take_end_of_build();
    void build_ended(int wait_status);

    FolderWatch watch_;
    RebuildSteps steps_;
    HeldSignals signals_;
    std::optional<Clock::time_point> first_change_ = Clock::now();  ///< not yet built
    Clock::time_point due_ = Clock::now();
    pid_t build_ = 0;
    Clock::time_point build_started_{};
    bool ending_ = false;
};

}  // namespace bulkhead::module
