#include "db/lane.hpp"

#include <algorithm>

namespace bulkhead::db {

Lease& Lease::operator=(Lease&& other) noexcept {
    end();
    lane_ = std::exchange(other.lane_, nullptr);
    channel_ = std::move(other.channel_);
    return *this;
}

void Lease::end() {
    if (auto* lane = std::exchange(lane_, nullptr))
        lane->give_back(std::move(channel_));
}

Lane::Lane(std::string name, std::size_t connections, Connect connect)
    : name_(std::move(name)), connections_(connections), connect_(std::move(connect)) {
    free_.resize(connections);
}

Lease Lane::acquire(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    auto channel = free_.empty() || !waiting_.empty() ? wait_turn(lock, limit) : take();
    ++leases_;
    lock.unlock();
    if (channel != nullptr)
        return Lease(*this, std::move(channel));
    Lease place(*this, nullptr);  // Goes back to the lane if connecting fails.
    place.channel_ = connect_();
    return place;
}

std::unique_ptr<Channel> Lane::wait_turn(std::unique_lock<std::mutex>& lock,
                                         std::chrono::milliseconds limit) {
    Waiting self;
    waiting_.push_back(&self);
    if (self.granted.wait_for(lock, limit, [&self] { return self.channel.has_value(); }))
        return *std::move(self.channel);
    waiting_.erase(std::ranges::find(waiting_, &self));
    ++exhausted_;
    throw Failure(FailureKind::pool_exhausted,
                  "no connection within " + std::to_string(limit.count()) +
                      " ms (database.acquire_timeout_ms): " + name_ + ", " +
                      std::to_string(connections_) + " in all, were taken");
}

std::unique_ptr<Channel> Lane::take() {
    auto channel = std::move(free_.back());
    free_.pop_back();
    return channel;
}

void Lane::give_back(std::unique_ptr<Channel> channel) noexcept {
    if (channel != nullptr && channel->broken())
        channel.reset();
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
        // Within the lock: the waiting one may be gone right after it.
        auto* next = waiting_.front();
        waiting_.pop_front();
        next->channel = std::move(channel);
        next->granted.notify_one();
    } else if (channel == nullptr) {
        free_.insert(free_.begin(), nullptr);
    } else {
        free_.push_back(std::move(channel));
    }
}

LaneStatistics Lane::statistics() const {
    const std::lock_guard lock(mutex_);
    return {static_cast<std::int64_t>(connections_ - free_.size()),
            static_cast<std::int64_t>(waiting_.size()), leases_, exhausted_};
}

}  // namespace bulkhead::db
