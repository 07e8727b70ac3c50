alter table houses add column shelf_id bigint;
