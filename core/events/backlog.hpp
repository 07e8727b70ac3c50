#pragma once
// What waits or was given up, for the administrator; the caller owns the transaction.

#include "events/outbox.hpp"

namespace bulkhead::events {

/// One line of `bulkhead events list`.
struct BacklogEntry {
    Uuid event_id;
    std::string subscription;
    std::string topic;
    DeliveryState state = DeliveryState::pending;
    std::int32_t attempts = 0;
    Timestamp created_at{};
    Timestamp next_attempt_at{};
    std::optional<std::string> last_error;
    std::string payload;

    static auto fields() {
        return shape(field("event_id", &BacklogEntry::event_id),
                     field("subscription", &BacklogEntry::subscription),
                     field("topic", &BacklogEntry::topic), field("state", &BacklogEntry::state),
                     field("attempts", &BacklogEntry::attempts),
                     field("created_at", &BacklogEntry::created_at),
                     field("next_attempt_at", &BacklogEntry::next_attempt_at),
                     field("last_error", &BacklogEntry::last_error),
                     field("payload", &BacklogEntry::payload));
    }
};

/// Which deliveries; without any of both, all.
struct Selection {
    std::optional<Uuid> event;
    std::string subscription;
};

/// How one subscription stands. What was delivered and failed is counted since this process began.
struct SubscriptionState {
    std::string name;
    std::int64_t pending = 0;
    std::int64_t dead = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;

    static auto fields() {
        return shape(field("name", &SubscriptionState::name),
                     field("pending", &SubscriptionState::pending),
                     field("dead", &SubscriptionState::dead));
    }
};

namespace backlog {

/// Of every subscription that has deliveries.
std::vector<SubscriptionState> counts(db::Session& sql);

/// Oldest first.
std::vector<BacklogEntry> list(db::Session& sql, DeliveryState state, std::int32_t rows);

/// Dead deliveries become due, with all their attempts before them; how many.
std::int64_t replay(db::Session& sql, const Selection& which);
/// Dead deliveries are given up for good; how many.
std::int64_t drop(db::Session& sql, const Selection& which);
/// Nothing more is kept for this subscription, what was kept is dropped; how many deliveries.
std::int64_t forget(db::Session& sql, std::string_view subscription);

}  // namespace backlog
}  // namespace bulkhead::events
