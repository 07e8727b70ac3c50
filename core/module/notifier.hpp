#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace bulkhead::module {

/// Tells a service manager how this process is, by the protocol of sd_notify(3): datagrams to
/// NOTIFY_SOCKET. Without one, everything here does nothing. One thread.
class Notifier {
public:
    using Clock = std::chrono::steady_clock;

    /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, so that no
    /// worker speaks for its supervisor.
    Notifier();
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// It serves. Said once, again after reloading(), and again with another sentence.
    void ready(const std::string& status);
    /// A new configuration is being taken over; until ready() is said.
    void reloading();
    /// What is under way, a start, a reload or the end, may take as long from now on.
    void extend(std::chrono::seconds patience);
    void stopping();

    /// When alive() is to be said, at half of what the manager waits for; empty: nobody waits.
    std::optional<Clock::time_point> watched_until() const { return watched_until_; }
    /// Says that it is alive, if the time has come.
    void alive();

private:
    void send(const std::string& message) const;

    int socket_ = -1;
    std::string address_;  ///< as the kernel takes it
    std::string told_;     ///< the status that was said last
    bool ready_ = false;
    std::chrono::microseconds between_{0};
    std::optional<Clock::time_point> watched_until_;
};

}  // namespace bulkhead::module
