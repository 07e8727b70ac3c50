-- 1,000,000 orders of one customer, a microsecond apart, with a line each: the first made at second
-- 0, the last at 0.999999. On both engines: what stands behind a :: is PostgreSQL's alone.
insert into products (id, sku, name, description, price, currency, stock, created_at, updated_at)
values ('01a1f82f-1e80-7000-8000-000000000001', 'SKU-1', 'Product 1', 'Sold often.', 100, 'EUR',
        1000000, '2026-11-20T09:00:00.000000Z', '2026-11-20T09:00:00.000000Z');

with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 999999)
insert into orders (id, customer_id, status, total, currency, created_at, updated_at)
select ('01a1f82f-1e82-7000-8000-' || cast(n + 100000000000 as text))::uuid, ('CUSTOMER')::uuid,
       'placed', 100, 'EUR',
       ('2026-11-20T09:00:00.' || substr(cast(n + 1000000 as text), 2, 6) || 'Z')::timestamptz,
       ('2026-11-20T09:00:00.' || substr(cast(n + 1000000 as text), 2, 6) || 'Z')::timestamptz
from numbers;

insert into order_items (order_id, position, product_id, quantity, unit_price)
select id, 0, ('01a1f82f-1e80-7000-8000-000000000001')::uuid, 1, 100 from orders;

analyze;
