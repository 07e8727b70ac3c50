#pragma once
// Passwords, hashed with argon2id (RFC 9106) on threads of their own: a hash takes milliseconds of
// a core and megabytes, so that only so many may be under way, and none on a thread that serves.

#include "settings.hpp"

#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <thread>

namespace auth {

/// Any thread, but for I/O threads: callers wait until their hash is done. Destroyed after its last
/// caller has returned.
class Passwords {
public:
    /// Starts settings.hash_threads threads.
    explicit Passwords(const Settings& settings);
    ~Passwords();

    /// A PHC string with a salt of its own. Refused, like matches(): unavailable "auth.busy", when
    /// settings.hash_queue others wait already.
    Result<std::string> hash(const std::string& password);
    Result<bool> matches(const std::string& password, const std::string& hash);

    /// Whether `hash` was made at another cost than is set today.
    bool outdated(std::string_view hash) const { return !hash.starts_with(cost_); }

    /// Looks like a hash and is random: no password has it, and checking against it takes the time
    /// that a real account's check takes.
    const std::string& decoy() const { return decoy_; }

private:
    Result<> run(std::packaged_task<void()> work);
    void serve(const std::stop_token& stop);
    std::string encode(const std::string& password) const;

    std::uint32_t iterations_;
    std::uint32_t memory_kib_;
    std::size_t most_under_way_;
    std::string cost_;
    std::string decoy_;

    std::mutex mutex_;
    std::condition_variable_any work_arrived_;
    std::queue<std::packaged_task<void()>> waiting_;
    std::size_t under_way_ = 0;  ///< waiting or being hashed
    std::vector<std::jthread> threads_;
};

}  // namespace auth
