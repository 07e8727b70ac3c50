#include "events/backlog.hpp"

namespace bulkhead::events::backlog {

namespace {

// A Selection in the words of the SQL below.
struct Chosen {
    explicit Chosen(const Selection& which)
        : event_id(which.event.value_or(Uuid{})),
          any_event(which.event ? 0 : 1),
          subscription(which.subscription),
          any_subscription(which.subscription.empty() ? 1 : 0) {}

    Uuid event_id;
    std::int32_t any_event;
    std::string subscription;
    std::int32_t any_subscription;
    Timestamp at = now();

    static auto fields() {
        return shape(field("event_id", &Chosen::event_id), field("any_event", &Chosen::any_event),
                     field("subscription", &Chosen::subscription),
                     field("any_subscription", &Chosen::any_subscription),
                     field("at", &Chosen::at));
    }
};

constexpr auto dead_and_chosen =
    " where state = 'dead' and (event_id = :event_id or :any_event = 1)"
    " and (subscription = :subscription or :any_subscription = 1)";

}  // namespace

std::vector<SubscriptionState> counts(db::Session& sql) {
    return sql.all<SubscriptionState>(
        "select subscription as name,"
        " sum(case when state = 'pending' then 1 else 0 end) as pending,"
        " sum(case when state = 'dead' then 1 else 0 end) as dead"
        " from event_deliveries group by subscription");
}

std::vector<BacklogEntry> list(db::Session& sql, DeliveryState state, std::int32_t rows) {
    return sql.all<BacklogEntry>(
        "select event_id, subscription, topic, state, attempts, created_at, next_attempt_at,"
        " last_error, payload from event_deliveries where state = :state"
        " order by created_at, event_id, subscription limit :rows",
        {{"state", state}, {"rows", rows}});
}

std::int64_t replay(db::Session& sql, const Selection& which) {
    return sql.run(std::string("update event_deliveries set state = 'pending', attempts = 0,"
                               " next_attempt_at = :at, updated_at = :at") +
                       dead_and_chosen,
                   Chosen(which));
}

std::int64_t drop(db::Session& sql, const Selection& which) {
    return sql.run(std::string("delete from event_deliveries") + dead_and_chosen, Chosen(which));
}

std::int64_t forget(db::Session& sql, std::string_view subscription) {
    const auto dropped = sql.run("delete from event_deliveries where subscription = :name",
                                 {{"name", subscription}});
    sql.run("delete from event_subscriptions where name = :name", {{"name", subscription}});
    return dropped;
}

}  // namespace bulkhead::events::backlog
