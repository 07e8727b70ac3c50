-- One row per migration that was applied, by whichever module. Written in the transaction of the
-- migration itself; read by core/db/ledger.cpp.
create table schema_migrations (
    module text not null,
    name text not null,
    checksum text not null,
    class text not null check (class in ('expand', 'contract')),
    down_text text not null,
    applied_at timestamp not null,
    duration_us bigint not null check (duration_us >= 0),
    primary key (module, name)
);
