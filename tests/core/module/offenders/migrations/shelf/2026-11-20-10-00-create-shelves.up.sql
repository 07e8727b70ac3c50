create table shelves (id bigint not null primary key, label text not null);
create index shelves_by_label on shelves (label, id);
