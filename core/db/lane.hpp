#pragma once

#include "db/channel.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace bulkhead::db {

class Lane;

/// What one module may hold of a lane at once. Counted under the lane's lock.
struct Share {
    std::string module;
    std::size_t connections = 0;  ///< 0: as many as there are
    std::size_t leased = 0;

    bool open() const { return connections == 0 || leased < connections; }
};

/// A connection that is this owner's alone until the end of the lease. May be empty.
class Lease {
public:
    Lease() = default;
    Lease(Lane& lane, Share& share, std::unique_ptr<Channel> channel)
        : lane_(&lane), share_(&share), channel_(std::move(channel)) {}
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
    Share* share_ = nullptr;
    std::unique_ptr<Channel> channel_;
};

struct LaneStatistics {
    std::int64_t leased = 0;
    std::int64_t waiting = 0;
    std::uint64_t leases = 0;
    std::uint64_t exhausted = 0;
};

/// How long connections live.
struct Keeping {
    std::size_t least = 0;  ///< kept however long they are idle
    std::chrono::seconds idle;
    std::chrono::seconds lifetime;
};

/// A fixed number of connections, granted first come, first served among those whose share is not
/// used up; each connects when it is first granted, and again after it broke. Any thread.
class Lane {
public:
    using Connect = std::function<std::unique_ptr<Channel>()>;

    /// `name` is for messages: "readers".
    Lane(std::string name, std::size_t connections, const Keeping& keeping, Connect connect);

    /// Waits for its turn at most `limit`, then throws Failure (pool_exhausted); throws what
    /// connecting throws. `share` outlives the lease.
    Lease acquire(Share& share, std::chrono::milliseconds limit);
    LaneStatistics statistics() const;

private:
    friend class Lease;
    using Channels = std::vector<std::unique_ptr<Channel>>;
    struct Waiting {
        Share& share;
        std::condition_variable granted;
        std::optional<std::unique_ptr<Channel>> channel;
    };

    std::unique_ptr<Channel> wait_turn(std::unique_lock<std::mutex>& lock, Share& share,
                                       std::chrono::milliseconds limit);
    std::unique_ptr<Channel> take(Share& share);
    void give_back(Share& share, std::unique_ptr<Channel> channel) noexcept;
    void grant() noexcept;
    bool outlived(const Channel& channel) const;
    std::unique_ptr<Channel> take_idle() noexcept;
    std::string exhausted_sentence(const Share& share, std::chrono::milliseconds limit) const;

    const std::string name_;
    const std::size_t connections_;
    const Keeping keeping_;
    const Connect connect_;
    mutable std::mutex mutex_;
    Channels free_;  ///< those not connected (null) first, the last one used last
    std::deque<Waiting*> waiting_;
    std::uint64_t leases_ = 0;
    std::uint64_t exhausted_ = 0;
};

}  // namespace bulkhead::db
