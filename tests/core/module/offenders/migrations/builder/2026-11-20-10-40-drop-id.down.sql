alter table houses add column id bigint;
