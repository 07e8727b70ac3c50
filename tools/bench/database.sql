-- What the contenders of tools/bench/database.sh find: 10,000 products, whose order by name is that
-- of their ids, and 1,000 users with an order of three lines each. Into empty tables of the shipped
-- modules, on PostgreSQL; what has no end of stock can be sold for ever.
insert into products (id, sku, name, description, price, currency, stock, created_at, updated_at)
select cast('01a1f82f-1e80-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid),
       'SKU-' || lpad(cast(n as text), 6, '0'), 'Product ' || lpad(cast(n as text), 6, '0'),
       'A thing that a ship needs, number ' || n || ' of the list; sold by the piece.',
       100 + n * 7 % 90000, 'EUR', 1000000000000, timestamptz '2026-11-20 09:00:00Z',
       timestamptz '2026-11-20 09:00:00Z'
from generate_series(1, 10000) as n;

insert into users (id, email, name, active, created_at, updated_at)
select cast('01a1f82f-1e81-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid),
       'user' || n || '@example.org', 'User ' || n, true, timestamptz '2026-11-20 09:00:00Z',
       timestamptz '2026-11-20 09:00:00Z'
from generate_series(1, 1000) as n;

insert into orders (id, customer_id, status, total, currency, created_at, updated_at)
select cast('01a1f82f-1e82-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid),
       cast('01a1f82f-1e81-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid), 'placed', 300, 'EUR',
       timestamptz '2026-11-20 09:00:00Z', timestamptz '2026-11-20 09:00:00Z'
from generate_series(1, 1000) as n;

insert into order_items (order_id, position, product_id, quantity, unit_price)
select cast('01a1f82f-1e82-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid), line,
       cast('01a1f82f-1e80-7000-8000-' || lpad(to_hex(n * 3 + line), 12, '0') as uuid), 1, 100
from generate_series(1, 1000) as n, generate_series(0, 2) as line;

vacuum analyze;
