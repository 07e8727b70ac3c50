-- The outbox. Read and written by core/events alone; module and topic of an event are no foreign
-- words here: modules come and go, and what was published stays until it is delivered.

-- Who is to hear of what, also while its module does not run.
create table event_subscriptions (
    name text not null,  -- "module.name"
    topic text not null,
    created_at timestamptz not null,
    primary key (name, topic)
);
create index event_subscriptions_by_topic on event_subscriptions (topic, name);

-- One row per event and subscription, gone once it is delivered. A claim moves next_attempt_at to
-- the end of its lease: then whoever looks may take the delivery over.
create table event_deliveries (
    event_id uuid not null,
    subscription text not null,
    topic text not null,
    payload text not null,  -- JSON
    state text not null check (state in ('pending', 'dead')),
    attempts integer not null check (attempts >= 0),  -- begun
    next_attempt_at timestamptz not null,
    claimed_by uuid,
    last_error text,
    created_at timestamptz not null,  -- published
    updated_at timestamptz not null,
    primary key (event_id, subscription),
    foreign key (subscription, topic) references event_subscriptions (name, topic)
);
create index event_deliveries_by_due
    on event_deliveries (subscription, topic, state, next_attempt_at, event_id);
create index event_deliveries_by_state on event_deliveries (state, created_at, event_id);
