-- owner_id is an id of the users module: no foreign key crosses modules.
create table sample_items (
    id uuid not null primary key,
    owner_id uuid not null,
    name text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (owner_id, name)
);
create index sample_items_by_name on sample_items (owner_id, name, id);
