#include "events/outbox.hpp"

namespace bulkhead::events::outbox {

void enrol(db::Session& sql, const Enrolment& subscription) {
    sql.run(
        "insert into event_subscriptions (name, topic, created_at) values (:name, :topic, :at)"
        " on conflict do nothing",
        {{"name", subscription.name}, {"topic", subscription.topic}, {"at", now()}});
}

std::vector<Enrolment> enrolments(db::Session& sql) {
    return sql.all<Enrolment>("select name, topic from event_subscriptions order by name, topic");
}

void insert(db::Session& sql, std::string_view topic, std::string_view payload) {
    const auto event = Uuid::fresh();
    const auto at = now();
    for (const auto& name : sql.all<std::string>(
             "select name from event_subscriptions where topic = :topic order by name",
             {{"topic", topic}}))
        sql.run(
            "insert into event_deliveries (event_id, subscription, topic, payload, state, attempts,"
            " next_attempt_at, created_at, updated_at)"
            " values (:event, :name, :topic, :payload, 'pending', 0, :at, :at, :at)",
            {{"event", event}, {"name", name}, {"topic", topic}, {"payload", payload}, {"at", at}});
}

std::vector<Uuid> due(db::Session& sql, std::string_view subscription, std::string_view topic,
                      std::int32_t rows) {
    return sql.all<Uuid>(
        "select event_id from event_deliveries where subscription = :subscription"
        " and topic = :topic and state = 'pending' and next_attempt_at <= :at"
        " order by next_attempt_at, event_id limit :rows",
        {{"subscription", subscription}, {"topic", topic}, {"at", now()}, {"rows", rows}});
}

std::optional<ClaimedDelivery> claim(db::Session& sql, Uuid event, std::string_view subscription,
                                     std::chrono::seconds lease) {
    const auto at = now();
    return sql.maybe<ClaimedDelivery>(
        "update event_deliveries set attempts = attempts + 1, claimed_by = :claim,"
        " next_attempt_at = :lease_end, updated_at = :at"
        " where event_id = :event and subscription = :subscription and state = 'pending'"
        " and next_attempt_at <= :at"
        " returning event_id, subscription, claimed_by, payload, attempts, created_at",
        {{"claim", Uuid::fresh()},
         {"lease_end", at + lease},
         {"at", at},
         {"event", event},
         {"subscription", subscription}});
}

bool remove(db::Session& sql, const ClaimedDelivery& delivery) {
    return sql.run(
               "delete from event_deliveries where event_id = :event_id"
               " and subscription = :subscription and claimed_by = :claimed_by",
               delivery) == 1;
}

void put_back(db::Session& sql, const ClaimedDelivery& delivery, DeliveryState state,
              Timestamp next_attempt_at, std::string_view error) {
    sql.run(
        "update event_deliveries set state = :state, next_attempt_at = :next, claimed_by = null,"
        " last_error = :error, updated_at = :at where event_id = :event"
        " and subscription = :subscription and claimed_by = :claim",
        {{"state", state},
         {"next", next_attempt_at},
         {"error", error},
         {"at", now()},
         {"event", delivery.event_id},
         {"subscription", delivery.subscription},
         {"claim", delivery.claimed_by}});
}

}  // namespace bulkhead::events::outbox
