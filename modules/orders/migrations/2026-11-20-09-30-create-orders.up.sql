create table products (
    id uuid not null primary key,
    sku text not null unique,
    name text not null,
    description text not null,
    price bigint not null check (price >= 0),  -- minor units
    currency text not null check (length(currency) = 3),  -- ISO 4217
    stock bigint not null check (stock >= 0),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index products_by_name on products (name, id);

-- customer_id is an id of the users module: no foreign key crosses modules.
create table orders (
    id uuid not null primary key,
    customer_id uuid not null,
    status text not null,
    total bigint not null check (total >= 0),  -- minor units
    currency text not null check (length(currency) = 3),  -- ISO 4217
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index orders_by_customer on orders (customer_id, created_at, id);

create table order_items (
    order_id uuid not null references orders (id),
    position integer not null,  -- from 0, as the customer sent them
    product_id uuid not null references products (id),
    quantity integer not null check (quantity > 0),
    unit_price bigint not null check (unit_price >= 0),  -- minor units
    primary key (order_id, position)
);
create index order_items_by_product on order_items (product_id);
