#include "events/hub.hpp"

#include <algorithm>
#include <map>

namespace bulkhead {

namespace {

[[noreturn]] void misused(const std::string& sentence) {
    throw db::Failure(db::FailureKind::usage, sentence);
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

}  // namespace

void Events::publish(db::Session& sql, std::string_view topic, const std::string& payload,
                     const Result<>& readable) {
    const auto& module = participant_->module;
    if (events::owner_of(topic) != module)
        misused(in_quotes(module) + " publishes " + in_quotes(topic) +
                ", an event of another module; its own begin with '" + module + ".'");
    if (!readable) {
        const auto& violations = readable.error().violations;
        misused("the event " + in_quotes(topic) + " breaks its own limits" +
                (violations.empty() ? "" : " at " + in_quotes(violations.front().field)));
    }
    participant_->hub.publish(sql, topic, payload);
}

Subscription Events::subscribe(std::string_view name, std::string_view topic, Listener listener) {
    const auto& [module, needs, hub, events] = *participant_;
    const std::string owner(events::owner_of(topic));
    if (events::owner_of(name) != module || name.size() < module.size() + 2)
        throw std::runtime_error(in_quotes(module) + " names a subscription " + in_quotes(name) +
                                 "; expected '" + module + ".' and a name.");
    if (owner != module && std::ranges::find(needs, owner) == needs.end())
        throw std::runtime_error(in_quotes(module) + " subscribes to " + in_quotes(topic) +
                                 ", an event of a module that its manifest does not need; add \"" +
                                 owner + "\" to .needs.");
    return Subscription(hub.subscribe(name, topic, std::move(listener)));
}

namespace events {

std::string_view owner_of(std::string_view topic_or_subscription) {
    return topic_or_subscription.substr(0, topic_or_subscription.find('.'));
}

Hub::Hub(const Options& options, db::Pool& pool)
    : options_(options),
      pool_(pool),
      database_(pool),
      subscribers_(std::chrono::milliseconds(options.poll_ms)),
      dispatcher_(options, pool, subscribers_) {}

Events& Hub::events_of(std::string module, std::vector<std::string> needs) {
    return participants_.emplace_back(std::move(module), std::move(needs), *this).events;
}

void Hub::start(std::span<const std::string> running) {
    enrol();
    warn_of_undeclared(running);
    dispatcher_.start();
}

// Mostly all of them are known: then it neither writes nor waits for whoever writes.
void Hub::enrol() {
    const auto known = enrolments();
    std::vector<Enrolment> fresh;
    subscribers_.each([&](const Subscriber& one) {
        if (Enrolment wanted{one.name, one.topic}; std::ranges::find(known, wanted) == known.end())
            fresh.push_back(std::move(wanted));
    });
    if (!fresh.empty())
        (void)database_.transaction([&](db::Session& sql) -> Result<> {
            for (const auto& one : fresh)
                outbox::enrol(sql, one);
            return Done{};
        });
    const auto all = enrolments();
    subscribers_.each([&](Subscriber& one) {
        one.enrolled = std::ranges::find(all, Enrolment{one.name, one.topic}) != all.end();
    });
}

std::vector<Enrolment> Hub::enrolments() {
    const db::HandlerScope scope;
    return outbox::enrolments(database_.session());
}

// They stay enrolled: a version that is rolled back to finds what was published meanwhile.
void Hub::warn_of_undeclared(std::span<const std::string> running) {
    auto enrolled = enrolments();
    std::erase_if(enrolled, [&](const Enrolment& one) {
        return std::ranges::find(running, owner_of(one.name)) == running.end();
    });
    subscribers_.each(
        [&](const Subscriber& one) { std::erase(enrolled, Enrolment{one.name, one.topic}); });
    for (const auto& [name, topic] : enrolled)
        Log("events").warning(
            "events are kept for a subscription that its module no longer has; `bulkhead events "
            "forget` ends that",
            {{"subscription", name}, {"topic", topic}});
}

void Hub::publish(db::Session& sql, std::string_view topic, std::string_view payload) {
    const auto most = static_cast<std::size_t>(options_.payload_bytes);
    if (payload.size() > most)
        misused("the event " + in_quotes(topic) + " has " + std::to_string(payload.size()) +
                " bytes as JSON, events.payload_bytes allows " + std::to_string(most) +
                "; publish the id of what is large");
    db::after_commit(pool_, [this, topic = std::string(topic)] { subscribers_.wake(topic); });
    outbox::insert(sql, topic, payload);
}

std::vector<SubscriptionState> Hub::states() {
    std::map<std::string, SubscriptionState> by_name;
    subscribers_.each([&](const Subscriber& one) {
        by_name[one.name] = {one.name, 0, 0, one.delivered, one.failed};
    });
    for (const auto& counted : backlog::counts(database_.session())) {
        auto& known = by_name.try_emplace(counted.name, counted).first->second;
        known.pending = counted.pending;
        known.dead = counted.dead;
    }
    std::vector<SubscriptionState> states;
    for (auto& [name, state] : by_name)
        states.push_back(std::move(state));
    return states;
}

}  // namespace events
}  // namespace bulkhead
