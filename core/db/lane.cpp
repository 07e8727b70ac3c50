#include "db/lane.hpp"

#include <algorithm>

namespace bulkhead::db {

using Clock = std::chrono::steady_clock;

namespace {

// Whoever used it a moment ago would have noticed that it broke; a look costs a system call.
bool has_idled(const Channel& channel) {
    constexpr std::chrono::milliseconds moment(5);
    return Clock::now() - channel.idle_since > moment;
}

}  // namespace

Lease& Lease::operator=(Lease&& other) noexcept {
    end();
    lane_ = std::exchange(other.lane_, nullptr);
    share_ = other.share_;
    channel_ = std::move(other.channel_);
    return *this;
}

void Lease::end() {
    if (auto* lane = std::exchange(lane_, nullptr))
        lane->give_back(*share_, std::move(channel_));
}

Lane::Lane(std::string name, std::size_t connections, const Keeping& keeping, Connect connect)
    : name_(std::move(name)),
      connections_(connections),
      keeping_(keeping),
      connect_(std::move(connect)) {
    free_.resize(connections);
}

Lease Lane::acquire(Share& share, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    // Whoever waits while connections are free waits for its own share.
    auto channel = free_.empty() || !share.open() ? wait_turn(lock, share, limit) : take(share);
    ++leases_;
    lock.unlock();
    Lease place(*this, share, std::move(channel));  // Goes back to the lane if connecting fails.
    if (place.channel_ != nullptr && has_idled(*place.channel_) && !place.channel_->usable())
        place.channel_.reset();
    if (place.channel_ == nullptr)
        place.channel_ = connect_();
    return place;
}

std::unique_ptr<Channel> Lane::wait_turn(std::unique_lock<std::mutex>& lock, Share& share,
                                         std::chrono::milliseconds limit) {
    Waiting self{share, {}, {}};
    waiting_.push_back(&self);
    if (self.granted.wait_for(lock, limit, [&self] { return self.channel.has_value(); }))
        return *std::move(self.channel);
    waiting_.erase(std::ranges::find(waiting_, &self));
    ++exhausted_;
    throw Failure(FailureKind::pool_exhausted, exhausted_sentence(share, limit));
}

std::string Lane::exhausted_sentence(const Share& share, std::chrono::milliseconds limit) const {
    const auto lead = "no connection within " + std::to_string(limit.count()) +
                      " ms (database.acquire_timeout_ms): ";
    if (!share.open())
        return lead + "the module " + share.module + " holds its " +
               std::to_string(share.connections) + " already (module." + share.module +
               ".database_connections)";
    return lead + name_ + ", " + std::to_string(connections_) + " in all, were taken";
}

std::unique_ptr<Channel> Lane::take(Share& share) {
    auto channel = std::move(free_.back());
    free_.pop_back();
    ++share.leased;
    return channel;
}

void Lane::give_back(Share& share, std::unique_ptr<Channel> channel) noexcept {
    if (channel != nullptr && (channel->broken() || outlived(*channel)))
        channel.reset();
    std::unique_ptr<Channel> idle;  // Ends outside of the lock: its other side may be slow.
    const std::lock_guard lock(mutex_);
    --share.leased;
    if (channel == nullptr) {
        free_.insert(free_.begin(), nullptr);
    } else {
        channel->idle_since = Clock::now();
        free_.push_back(std::move(channel));
    }
    grant();
    idle = take_idle();
}

// Within the lock: whoever waits may be gone right after it.
void Lane::grant() noexcept {
    const auto able = [](const Waiting* waiting) { return waiting->share.open(); };
    while (!free_.empty()) {
        const auto next = std::ranges::find_if(waiting_, able);
        if (next == waiting_.end())
            return;
        auto* chosen = *next;
        waiting_.erase(next);
        chosen->channel = take(chosen->share);
        chosen->granted.notify_one();
    }
}

bool Lane::outlived(const Channel& channel) const {
    return Clock::now() - channel.opened_at() > keeping_.lifetime;
}

// The one that was used least recently, if it was not needed for long.
std::unique_ptr<Channel> Lane::take_idle() noexcept {
    const auto is_open = [](const auto& channel) { return channel != nullptr; };
    const auto oldest = std::ranges::find_if(free_, is_open);
    const auto open = static_cast<std::size_t>(free_.end() - oldest) + connections_ - free_.size();
    if (oldest == free_.end() || open <= keeping_.least ||
        Clock::now() - (*oldest)->idle_since < keeping_.idle)
        return nullptr;
    return std::move(*oldest);
}

LaneStatistics Lane::statistics() const {
    const std::lock_guard lock(mutex_);
    return {static_cast<std::int64_t>(connections_ - free_.size()),
            static_cast<std::int64_t>(waiting_.size()), leases_, exhausted_};
}

}  // namespace bulkhead::db
