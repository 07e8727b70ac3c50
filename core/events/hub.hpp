#pragma once
// The events of one generation: what its modules publish, and who of them listens.

#include "events/backlog.hpp"
#include "events/dispatcher.hpp"

namespace bulkhead::events {

class Hub;

/// What stands behind one module's Events.
struct Participant {
    std::string module;
    std::vector<std::string> needs;
    Hub& hub;
    Events events{*this};
};

/// Outlives the modules. Any thread, unless said otherwise.
class Hub {
public:
    /// Both outlive the hub. Nothing is read, written or started yet.
    Hub(const Options& options, db::Pool& pool);

    /// For the constructor of a module; lives as long as the hub. Of the thread that starts
    /// modules.
    Events& events_of(std::string module, std::vector<std::string> needs);

    /// Keeps events for the subscriptions of the modules that run, and begins to deliver. Throws
    /// db::Failure.
    void start(std::span<const std::string> running);
    /// No further delivery begins; does not wait.
    void announce_end() { subscribers_.stop(); }
    /// After that: waits at most until `end` for those that have begun. The subscriptions of those
    /// that still run.
    std::vector<std::string> running_beyond(std::chrono::steady_clock::time_point end) {
        return subscribers_.served_beyond(end);
    }
    /// No further delivery begins, and waits for those that have begun.
    void stop() { dispatcher_.stop(); }

    /// Throws db::Failure as Events::publish does.
    void publish(db::Session& sql, std::string_view topic, std::string_view payload);
    Subscriber& subscribe(std::string_view name, std::string_view topic, Listener listener) {
        return subscribers_.add(name, topic, std::move(listener));
    }

    /// Every subscription that has deliveries or runs here. Queries: within a handler.
    std::vector<SubscriptionState> states();

private:
    void enrol();
    std::vector<Enrolment> enrolments();
    void warn_of_undeclared(std::span<const std::string> running);

    const Options& options_;
    db::Pool& pool_;
    db::Database database_;
    std::list<Participant> participants_;
    Subscribers subscribers_;
    Dispatcher dispatcher_;
};

/// "users.deactivated": users.
std::string_view owner_of(std::string_view topic_or_subscription);

}  // namespace bulkhead::events
