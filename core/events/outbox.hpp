#pragma once
// The SQL of publishing and delivering; the caller owns the transaction. Every change of a delivery
// names the claim under which it is made, so that whoever lost its claim changes nothing.

#include <bulkhead/session.hpp>

namespace bulkhead::events {

/// One event on its way to one subscription, under one claim.
struct ClaimedDelivery {
    Uuid event_id;
    std::string subscription;
    Uuid claimed_by;
    std::string payload;
    std::int32_t attempts = 0;  ///< this one included
    Timestamp created_at{};

    static auto fields() {
        return shape(field("event_id", &ClaimedDelivery::event_id),
                     field("subscription", &ClaimedDelivery::subscription),
                     field("claimed_by", &ClaimedDelivery::claimed_by),
                     field("payload", &ClaimedDelivery::payload),
                     field("attempts", &ClaimedDelivery::attempts),
                     field("created_at", &ClaimedDelivery::created_at));
    }
};

/// For whom events are kept.
struct Enrolment {
    std::string name;  ///< of the subscription
    std::string topic;

    static auto fields() {
        return shape(field("name", &Enrolment::name), field("topic", &Enrolment::topic));
    }
    bool operator==(const Enrolment&) const = default;
};

enum class DeliveryState : std::uint8_t { pending, dead };
constexpr std::array<std::string_view, 2> names(DeliveryState) {
    return {"pending", "dead"};
}

namespace outbox {

/// From now on events are kept for it; again changes nothing.
void enrol(db::Session& sql, const Enrolment& subscription);
std::vector<Enrolment> enrolments(db::Session& sql);

/// One delivery for each subscription to the topic.
void insert(db::Session& sql, std::string_view topic, std::string_view payload);

/// Ids of the events whose next attempt at this subscription is due, longest due first.
std::vector<Uuid> due(db::Session& sql, std::string_view subscription, std::string_view topic,
                      std::int32_t rows);

/// Begins an attempt: until the lease is over nobody else claims this delivery. None if somebody
/// was faster.
std::optional<ClaimedDelivery> claim(db::Session& sql, Uuid event, std::string_view subscription,
                                     std::chrono::seconds lease);

/// The delivery is done, if the caller's transaction commits: until then whoever else wants this
/// row waits, and finds it gone. False if the claim was lost.
bool remove(db::Session& sql, const ClaimedDelivery& delivery);

/// The attempt has failed. Nothing if the claim was lost.
void put_back(db::Session& sql, const ClaimedDelivery& delivery, DeliveryState state,
              Timestamp next_attempt_at, std::string_view error);

}  // namespace outbox
}  // namespace bulkhead::events
