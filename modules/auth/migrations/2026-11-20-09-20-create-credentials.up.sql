-- user_id is an id of the users module: no foreign key crosses modules.
create table credentials (
    user_id uuid not null primary key,
    password_hash text not null,  -- PHC string
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table administrators (
    user_id uuid not null primary key,
    created_at timestamptz not null
);

create table refresh_tokens (
    digest text not null primary key,  -- SHA-256, base64url
    family uuid not null,              -- one login and everything refreshed from it
    user_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index refresh_tokens_by_user on refresh_tokens (user_id, expires_at);
create index refresh_tokens_by_family on refresh_tokens (family);
