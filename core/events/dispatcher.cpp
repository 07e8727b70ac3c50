#include "events/dispatcher.hpp"

#include "value/alternate_stack.hpp"
#include "value/utf8.hpp"

#include <random>

namespace bulkhead::events {

namespace {

constexpr std::size_t reason_bytes = 1'000;

// Doubling, and half of it by chance, so that what failed together is not tried together again.
std::chrono::milliseconds pause_after(std::int32_t attempt, const Options& options) {
    static thread_local std::minstd_rand random(std::random_device{}());
    const std::int64_t doubled = std::int64_t{options.first_retry_ms} << std::min(attempt - 1, 30);
    const auto longest =
        std::min(doubled, std::int64_t{options.longest_retry_seconds} * std::int64_t{1'000});
    std::uniform_int_distribution<std::int64_t> chance(0, longest / 2);
    return std::chrono::milliseconds(longest - chance(random));
}

std::string reason_of(const Error& error) {
    auto reason = error.code + ": " + error.message;
    if (!error.violations.empty())
        reason += " " + error.violations.front().field + " " + error.violations.front().message;
    return error.detail.empty() ? reason : reason + " (" + error.detail + ")";
}

}  // namespace

Dispatcher::Dispatcher(const Options& options, db::Pool& pool, Subscribers& subscribers)
    : options_(options), database_(pool), subscribers_(subscribers) {}

Dispatcher::~Dispatcher() {
    stop();
}

void Dispatcher::start() {
    for (std::int32_t thread = 0; thread < options_.threads; ++thread)
        threads_.emplace_back([this] { work(); });
}

void Dispatcher::stop() {
    subscribers_.stop();
    threads_.clear();
}

void Dispatcher::work() {
    const value::AlternateStack for_crashes;
    while (auto* subscriber = subscribers_.next())
        subscribers_.served(*subscriber, look(*subscriber));
}

// What the database cannot do now is tried again at the next look; said once, not at each of them.
More Dispatcher::look(Subscriber& subscriber) {
    try {
        const auto more = serve(subscriber);
        if (in_trouble_.exchange(false))
            log_.info("events are delivered again");
        return more;
    } catch (const std::exception& failure) {
        if (!in_trouble_.exchange(true))
            log_.warning("events cannot be delivered now",
                         {{"subscription", subscriber.name}, {"reason", failure.what()}});
    }
    return More::no;
}

More Dispatcher::serve(Subscriber& subscriber) {
    enrol(subscriber);
    const db::HandlerScope scope;
    const auto due =
        outbox::due(database_.session(), subscriber.name, subscriber.topic, options_.batch);
    database_.release();
    const auto turn_ends = now() + std::chrono::milliseconds(options_.poll_ms);
    for (const auto& event : due) {
        if (subscriber.ended || subscribers_.stopped())
            break;
        deliver(subscriber, event);
        if (now() >= turn_ends && subscribers_.waited_for())
            return More::yes;
    }
    return due.size() == static_cast<std::size_t>(options_.batch) ? More::yes : More::no;
}

// One that was added after the start; the others are enrolled by then.
void Dispatcher::enrol(Subscriber& subscriber) {
    if (subscriber.enrolled)
        return;
    commit([&](db::Session& sql) { outbox::enrol(sql, {subscriber.name, subscriber.topic}); });
    subscriber.enrolled = true;
}

void Dispatcher::deliver(Subscriber& subscriber, Uuid event) {
    const auto delivery = claim(subscriber, event);
    if (!delivery)
        return;
    const auto ran = run(subscriber, *delivery);
    if (!ran) {
        ++subscriber.failed;
        fail(*delivery, reason_of(ran.error()));
    } else if (*ran == Run::done) {
        ++subscriber.delivered;
    }
}

std::optional<ClaimedDelivery> Dispatcher::claim(const Subscriber& subscriber, Uuid event) {
    std::optional<ClaimedDelivery> claimed;
    commit([&](db::Session& sql) {
        claimed = outbox::claim(sql, event, subscriber.name,
                                std::chrono::seconds(options_.lease_seconds));
        if (!claimed || claimed->attempts <= options_.attempts)
            return;
        bury(sql, *claimed,
             "the process ended during the last attempt, or events.attempts was lowered");
        claimed.reset();
    });
    return claimed;
}

// The callback is a module's: whatever it throws is one failed attempt, never the process's end.
Result<Dispatcher::Run> Dispatcher::run(const Subscriber& subscriber,
                                        const ClaimedDelivery& delivery) {
    try {
        return run_in_transaction(subscriber, delivery);
    } catch (const std::exception& failure) {
        return Error(ErrorKind::internal, "exception", failure.what());
    } catch (...) {
        return Error(ErrorKind::internal, "exception",
                     "the subscriber threw something that is no std::exception");
    }
}

Result<Dispatcher::Run> Dispatcher::run_in_transaction(const Subscriber& subscriber,
                                                       const ClaimedDelivery& delivery) {
    return database_.transaction([&](db::Session& sql) -> Result<Run> {
        if (!outbox::remove(sql, delivery))
            return Run::claim_lost;
        const auto& [callback, call] = subscriber.listener;
        auto done = call(callback.get(), delivery.payload,
                         {delivery.event_id, delivery.attempts, delivery.created_at});
        if (!done)
            return std::move(done.error());
        return Run::done;
    });
}

void Dispatcher::fail(const ClaimedDelivery& delivery, const std::string& reason) {
    if (delivery.attempts >= options_.attempts)
        return commit([&](db::Session& sql) { bury(sql, delivery, reason); });
    const auto next = now() + pause_after(delivery.attempts, options_);
    commit([&](db::Session& sql) {
        outbox::put_back(sql, delivery, DeliveryState::pending, next,
                         value::front_of(reason, reason_bytes));
    });
    log_.warning("an event was not delivered and will be tried again",
                 {{"subscription", delivery.subscription},
                  {"event_id", delivery.event_id.to_text()},
                  {"attempt", delivery.attempts},
                  {"next_attempt_at", to_text(next)},
                  {"reason", reason}});
}

void Dispatcher::bury(db::Session& sql, const ClaimedDelivery& delivery, std::string_view reason) {
    outbox::put_back(sql, delivery, DeliveryState::dead, now(),
                     value::front_of(reason, reason_bytes));
    log_.error("an event is given up; see `bulkhead events list --dead`",
               {{"subscription", delivery.subscription},
                {"event_id", delivery.event_id.to_text()},
                {"attempts", delivery.attempts},
                {"reason", reason}});
}

void Dispatcher::commit(const std::function<void(db::Session&)>& work) {
    (void)database_.transaction([&](db::Session& sql) -> Result<> {
        work(sql);
        return Done{};
    });
}

}  // namespace bulkhead::events
