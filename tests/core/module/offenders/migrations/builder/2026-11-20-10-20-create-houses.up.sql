-- A house stands on a shelf.
create table houses (
    id bigint not null primary key,
    shelf_id bigint not null references shelves (id)
);
alter table shelves add column house_id bigint;
