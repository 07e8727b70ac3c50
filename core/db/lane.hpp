#pragma once

#include "db/channel.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace bulkhead::db {

class Lane;

/// A connection that is this owner's alone until the end of the lease. May be empty.
class Lease {
public:
    Lease() = default;
    Lease(Lane& lane, std::unique_ptr<Channel> channel)
        : lane_(&lane), channel_(std::move(channel)) {}
    Lease(Lease&& other) noexcept { *this = std::move(other); }
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { end(); }

    explicit operator bool() const { return lane_ != nullptr; }
    Channel& operator*() const { return *channel_; }
    Channel* operator->() const { return channel_.get(); }
    void end();

private:
    friend class Lane;

    Lane* lane_ = nullptr;
    std::unique_ptr<Channel> channel_;
};

struct LaneStatistics {
    std::int64_t leased = 0;
    std::int64_t waiting = 0;
    std::uint64_t leases = 0;
    std::uint64_t exhausted = 0;
};

/// A fixed number of connections, granted first come, first served; each connects when it is first
/// granted, and again after it broke. Any thread.
class Lane {
public:
    using Connect = std::function<std::unique_ptr<Channel>()>;

    /// `name` is for messages: "readers".
    Lane(std::string name, std::size_t connections, Connect connect);

    /// Waits for its turn at most `limit`, then throws Failure (pool_exhausted); throws what
    /// connecting throws.
    Lease acquire(std::chrono::milliseconds limit);
    LaneStatistics statistics() const;

private:
    friend class Lease;
    struct Waiting {
        std::condition_variable granted;
        std::optional<std::unique_ptr<Channel>> channel;
    };

    std::unique_ptr<Channel> wait_turn(std::unique_lock<std::mutex>& lock,
                                       std::chrono::milliseconds limit);
    std::unique_ptr<Channel> take();
    void give_back(std::unique_ptr<Channel> channel) noexcept;

    const std::string name_;
    const std::size_t connections_;
    const Connect connect_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Channel>> free_;  ///< null: not connected
    std::deque<Waiting*> waiting_;
    std::uint64_t leases_ = 0;
    std::uint64_t exhausted_ = 0;
};

}  // namespace bulkhead::db
