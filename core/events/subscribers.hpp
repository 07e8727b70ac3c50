#pragma once
// Who listens in this process, and whose turn it is.

#include <bulkhead/events.hpp>

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

namespace bulkhead::events {

class Subscribers;

/// One subscription of a running module.
struct Subscriber {
    Subscriber(std::string_view given_name, std::string_view given_topic, Listener given,
               Subscribers& subscribers)
        : name(given_name), topic(given_topic), listener(std::move(given)), home(subscribers) {}

    const std::string name;
    const std::string topic;
    const Listener listener;
    Subscribers& home;

    std::atomic<bool> ended = false;
    std::atomic<bool> enrolled = false;  ///< events are kept for it
    std::atomic<std::uint64_t> delivered = 0;
    std::atomic<std::uint64_t> failed = 0;

private:
    friend class Subscribers;
    using Time = std::chrono::steady_clock::time_point;

    bool served_ = false;  ///< by a thread, now
    bool woken_ = true;
    Time next_look_{};
    Time last_look_{};
};

/// Whether there is more to do at once.
enum class More : std::uint8_t { no, yes };

/// Hands each subscriber to one thread at a time: when it is woken, and at least once in every
/// `poll`. Any thread.
class Subscribers {
public:
    explicit Subscribers(std::chrono::milliseconds poll) : poll_(poll) {}

    /// Throws std::runtime_error when the name is taken.
    Subscriber& add(std::string_view name, std::string_view topic, Listener listener);
    /// Waits until it is served no more.
    void remove(Subscriber& subscriber) noexcept;
    void wake(std::string_view topic);

    /// Waits for one whose turn it is; none once this was stopped.
    Subscriber* next();
    void served(Subscriber& subscriber, More more);
    /// Whether there is one whose turn it is and whom no thread serves.
    bool waited_for();
    void stop();
    /// Waits at most until `end` for whoever is served; the names of those who still are.
    std::vector<std::string> served_beyond(std::chrono::steady_clock::time_point end);
    bool stopped() const { return stopped_; }

    template <class Visit>
    void each(Visit&& visit) {
        const std::lock_guard lock(mutex_);
        for (auto& subscriber : list_)
            visit(subscriber);
    }

private:
    Subscriber* choose(Subscriber::Time at);
    Subscriber::Time next_look(Subscriber::Time at) const;

    const std::chrono::milliseconds poll_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<Subscriber> list_;
    std::atomic<bool> stopped_ = false;
};

}  // namespace bulkhead::events
