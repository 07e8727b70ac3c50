create table users (
    id uuid not null primary key,
    email text not null unique,  -- in lower case
    name text not null,
    active boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
