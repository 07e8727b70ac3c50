drop table event_deliveries;
drop table event_subscriptions;
