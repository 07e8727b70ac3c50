#include "events/subscribers.hpp"

#include <algorithm>
#include <stdexcept>

namespace bulkhead {

void Subscription::end() noexcept {
    if (auto* subscriber = std::exchange(subscriber_, nullptr))
        subscriber->home.remove(*subscriber);
}

namespace events {

Subscriber& Subscribers::add(std::string_view name, std::string_view topic, Listener listener) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(list_, name, &Subscriber::name) != list_.end())
        throw std::runtime_error("there is a subscription '" + std::string(name) +
                                 "' already; give this one a name of its own.");
    auto& added = list_.emplace_back(name, topic, std::move(listener), *this);
    changed_.notify_all();
    return added;
}

void Subscribers::remove(Subscriber& subscriber) noexcept {
    std::unique_lock lock(mutex_);
    subscriber.ended = true;
    changed_.wait(lock, [&] { return !subscriber.served_; });
    list_.remove_if([&](const auto& one) { return &one == &subscriber; });
}

void Subscribers::wake(std::string_view topic) {
    const std::lock_guard lock(mutex_);
    for (auto& subscriber : list_)
        if (subscriber.topic == topic)
            subscriber.woken_ = true;
    changed_.notify_all();
}

Subscriber* Subscribers::next() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        const auto at = std::chrono::steady_clock::now();
        if (auto* chosen = choose(at)) {
            chosen->served_ = true;
            chosen->woken_ = false;
            chosen->last_look_ = at;
            chosen->next_look_ = at + poll_;
            return chosen;
        }
        changed_.wait_until(lock, next_look(at));
    }
    return nullptr;
}

// Whoever waited longest, so that nobody's backlog keeps the others from their turn.
Subscriber* Subscribers::choose(Subscriber::Time at) {
    Subscriber* chosen = nullptr;
    for (auto& one : list_) {
        const bool due = !one.served_ && !one.ended && (one.woken_ || one.next_look_ <= at);
        if (due && (chosen == nullptr || one.last_look_ < chosen->last_look_))
            chosen = &one;
    }
    return chosen;
}

Subscriber::Time Subscribers::next_look(Subscriber::Time at) const {
    auto next = at + poll_;
    for (const auto& one : list_)
        if (!one.served_ && !one.ended)
            next = std::min(next, one.next_look_);
    return next;
}

void Subscribers::served(Subscriber& subscriber, More more) {
    const std::lock_guard lock(mutex_);
    subscriber.served_ = false;
    subscriber.woken_ = subscriber.woken_ || more == More::yes;
    changed_.notify_all();
}

bool Subscribers::waited_for() {
    const std::lock_guard lock(mutex_);
    return choose(std::chrono::steady_clock::now()) != nullptr;
}

void Subscribers::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
}

std::vector<std::string> Subscribers::served_beyond(std::chrono::steady_clock::time_point end) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, end, [this] {
        return std::ranges::none_of(list_, [](const Subscriber& one) { return one.served_; });
    });
    std::vector<std::string> names;
    for (const auto& one : list_)
        if (one.served_)
            names.push_back(one.name);
    return names;
}

}  // namespace events
}  // namespace bulkhead
