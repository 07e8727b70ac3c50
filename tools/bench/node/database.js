'use strict';
// The shop of modules/orders on Fastify and pg, as their manuals show it: a pool of 8, statements
// prepared by name, schemas for what comes in and goes out, no log. Whoever asks is CUSTOMER.
// The stock is taken product by product, as there.

const { Pool, types } = require('pg');
const { v7 } = require('uuid');
const { product, listOf, order: orderSchema, place } = require('./shop');
const { schemaOf, envelope } = require('./answers');

types.setTypeParser(types.builtins.INT8, Number);
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
const app = require('fastify')({ logger: false });
const customer = process.env.CUSTOMER;
const columns = 'id, sku, name, description, price, currency, stock, created_at, updated_at';

const failure = (statusCode, message) => Object.assign(new Error(message), { statusCode });
const cursorOf = ({ name, id }) => Buffer.from(JSON.stringify({ name, id })).toString('base64url');
const keyOf = (cursor) => JSON.parse(Buffer.from(cursor, 'base64url').toString());

app.get('/api/v1/products/:id', { schema: { response: { 200: schemaOf(product) } } },
  async (request) => {
    const { rows } = await pool.query({
      name: 'product',
      text: `select ${columns} from products where id = $1`,
      values: [request.params.id],
    });
    if (rows.length === 0) throw failure(404, 'No product with this id.');
    return envelope(rows[0]);
  });

app.get('/api/v1/products', { schema: listOf(product) }, async (request) => {
  const { limit, cursor } = request.query;
  const after = cursor ? keyOf(cursor) : { name: '', id: '00000000-0000-0000-0000-000000000000' };
  const { rows } = await pool.query({
    name: 'products',
    text: `select ${columns} from products where (name, id) > ($1, $2) order by name, id limit $3`,
    values: [after.name, after.id, limit + 1],
  });
  const more = rows.length > limit;
  if (more) rows.pop();
  return envelope(rows, { limit, next_cursor: more ? cursorOf(rows[limit - 1]) : null });
});

const take = async (client, items) => {
  const prices = new Map();
  for (const { product_id, quantity } of items) {
    const { rows } = await client.query({
      name: 'take',
      text: 'update products set stock = stock - $2, updated_at = now() ' +
        'where id = $1 and stock >= $2 returning price, currency',
      values: [product_id, quantity],
    });
    if (rows.length > 0) prices.set(product_id, rows[0]);
  }
  return prices;
};

const insertOrder = (client, order) => client.query({
  name: 'insert_order',
  text: 'insert into orders (id, customer_id, status, total, currency, created_at, updated_at) ' +
    'values ($1, $2, $3, $4, $5, $6, $6)',
  values: [order.id, order.customer_id, order.status, order.total, order.currency, order.created_at],
});

const insertItems = (client, order) => client.query({
  name: `insert_items_${order.items.length}`,
  text: 'insert into order_items (order_id, position, product_id, quantity, unit_price) values ' +
    order.items.map((_, at) =>
      `($1, ${at}, $${2 + at * 3}, $${3 + at * 3}, $${4 + at * 3})`).join(', '),
  values: [order.id].concat(
    order.items.flatMap((item) => [item.product_id, item.quantity, item.unit_price])),
});

const placeOrder = async (client, wanted) => {
  const { rows } = await client.query({
    name: 'customer',
    text: 'select active from users where id = $1',
    values: [customer],
  });
  if (!rows[0]?.active) throw failure(409, 'This account cannot place orders.');
  // In one order of locks, so that no two wait for each other.
  const sorted = [...wanted].sort((a, b) => (a.product_id < b.product_id ? -1 : 1));
  const prices = await take(client, sorted);
  if (prices.size < wanted.length) throw failure(409, 'There is not enough in stock.');
  const items = wanted.map((item) => ({ ...item, unit_price: prices.get(item.product_id).price }));
  const at = new Date();
  const order = {
    id: v7(),
    customer_id: customer,
    status: 'placed',
    items,
    total: items.reduce((sum, item) => sum + item.unit_price * item.quantity, 0),
    currency: prices.get(wanted[0].product_id).currency,
    created_at: at,
    updated_at: at,
  };
  await insertOrder(client, order);
  await insertItems(client, order);
  return order;
};

app.post('/api/v1/orders', { schema: { body: place, response: { 201: schemaOf(orderSchema) } } },
  async (request, reply) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const order = await placeOrder(client, request.body.items);
      await client.query('commit');
      reply.code(201).header('Location', `/api/v1/orders/${order.id}`);
      return envelope(order);
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  });

app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) }).then(() =>
  console.log(`port ${app.server.address().port}`));
