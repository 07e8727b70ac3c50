#pragma once
// Facts between modules. A module publishes what happened within the transaction in which it
// happened; whoever subscribes hears of it after the commit, at least once. In modules/users/api:
//
//     struct UserDeactivated {
//         static constexpr std::string_view topic = "users.deactivated";
//         UserId user;
//         static auto fields() { return shape(field("user", &UserDeactivated::user)); }
//     };
//
// in the service of users, and in the module class of orders:
//
//     events_.publish(sql, UserDeactivated{id});
//
//     on_deactivated_(core.events().on<users::UserDeactivated>(
//         "orders.cancel_open", [this](const auto& event) { return service_.cancel(event.user); }))
//
// An event lies in the database as JSON and may be read by another version of its subscriber than
// the one that ran when it was published: a new field is optional, and unknown ones are passed
// over.

#include <bulkhead/json.hpp>
#include <bulkhead/session.hpp>

namespace bulkhead {

namespace events {
struct Participant;
struct Subscriber;
}  // namespace events

/// What a subscriber may know beside the event itself, as the second parameter of its callback.
struct Delivery {
    Uuid id;                   ///< of the event: the same at every attempt, for every subscriber
    std::int32_t attempt = 1;  ///< counted from 1
    Timestamp published_at{};
};

/// A subscriber's callback with its types erased.
struct Listener {
    std::shared_ptr<void> callback;
    Result<> (*call)(void* callback, std::string_view payload, const Delivery& delivery) = nullptr;
};

/// Kept as a member of the module: while it lives, the callback may run. Its end waits for a run
/// that has begun, so declare it behind all that the callback uses; never end it within the
/// callback.
class [[nodiscard]] Subscription {
public:
    Subscription() = default;
    explicit Subscription(events::Subscriber& subscriber) : subscriber_(&subscriber) {}
    Subscription(Subscription&& other) noexcept
        : subscriber_(std::exchange(other.subscriber_, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept {
        end();
        subscriber_ = std::exchange(other.subscriber_, nullptr);
        return *this;
    }
    ~Subscription() { end(); }

    void end() noexcept;

private:
    events::Subscriber* subscriber_ = nullptr;
};

namespace detail {

consteval bool is_topic(std::string_view topic) {
    const auto dot = topic.find('.');
    const bool spelled =
        topic.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
    return spelled && dot != std::string_view::npos && dot > 0 && dot + 1 < topic.size() &&
           topic.find('.', dot + 1) == std::string_view::npos;
}

template <class E>
consteval void check_event() {
    static_assert(Shaped<E>, "an event is a struct with fields()");
    static_assert(is_topic(E::topic),
                  "a topic is the name of the module that publishes it, a dot and a name, in "
                  "lower-case letters, digits and underscores");
}

template <class E, class Callback>
decltype(auto) call_with(Callback& callback, const E& event, const Delivery& delivery) {
    if constexpr (std::is_invocable_v<Callback&, const E&, const Delivery&>)
        return callback(event, delivery);
    else
        return callback(event);
}

template <class E, class Callback>
Result<> hear(void* callback, std::string_view payload, const Delivery& delivery) {
    E event{};
    if (auto done = json::read_known_into(payload, type_of<E>(), &event); !done)
        return done;
    auto& called = *static_cast<Callback*>(callback);
    if constexpr (std::is_void_v<decltype(call_with(called, event, delivery))>) {
        call_with(called, event, delivery);
    } else {
        auto done = call_with(called, event, delivery);
        if (!done)
            return std::move(done.error());
    }
    return Done{};
}

}  // namespace detail

/// A module's way to publish and to subscribe. Any thread; lives as long as the module.
class Events {
public:
    /// The core's side; known to core/events only.
    explicit Events(events::Participant& participant) : participant_(&participant) {}

    /// Delivered if, and only if, the transaction of `sql` commits. Throws db::Failure (usage)
    /// outside of a transaction, for a topic that does not begin with this module's name, for
    /// values against the event's own limits, and beyond events.payload_bytes of plugins.toml.
    template <class E>
    void publish(db::Session& sql, const E& event) {
        detail::check_event<E>();
        const auto payload = json::text_of(event);
        E read_back{};
        publish(sql, E::topic, payload, json::read_into(payload, type_of<E>(), &read_back));
    }

    /// Calls `callback(const E&)` or `callback(const E&, const Delivery&)`, which gives a Result<>
    /// or nothing, for every E that is published once this subscription has run for the first time:
    /// also for those published while this module was disabled. It runs within a transaction that
    /// also takes the delivery away, and joins it by database.transaction(...): what it writes
    /// there takes effect exactly once. An error or an exception undoes that and is tried again
    /// with growing pauses (`[events]` of plugins.toml). Keep it short: as long as it runs, it may
    /// hold the one writer of the database. One call of a subscription at a time, in the order of
    /// publication; an event that waits for its next attempt is overtaken by those behind it.
    ///
    /// `name` is "module.name", unique, and stable: what is still to be delivered is kept by it.
    /// Throws std::runtime_error for another name, and for an event of a module that the manifest
    /// does not need.
    template <class E, class Callback>
    Subscription on(std::string_view name, Callback callback) {
        detail::check_event<E>();
        return subscribe(
            name, E::topic,
            {std::make_shared<Callback>(std::move(callback)), &detail::hear<E, Callback>});
    }

private:
    void publish(db::Session& sql, std::string_view topic, const std::string& payload,
                 const Result<>& readable);
    Subscription subscribe(std::string_view name, std::string_view topic, Listener listener);

    events::Participant* participant_;
};

}  // namespace bulkhead
