create table notes (id bigint not null primary key);
