'use strict';
// What modules/orders takes and answers, in the words of JSON schema. Used by database.js.

const { schemaOf, object } = require('./answers');

const text = { type: 'string' };
const integer = { type: 'integer' };
const time = { type: 'string', format: 'date-time' };
const uuid = { type: 'string', format: 'uuid' };

const product = object({
  id: text, sku: text, name: text, description: text, price: integer, currency: text,
  stock: integer, created_at: time, updated_at: time,
});

const order = object({
  id: text, customer_id: text, status: text,
  items: { type: 'array', items: object({ product_id: text, quantity: integer, unit_price: integer }) },
  total: integer, currency: text, created_at: time, updated_at: time,
});

const place = object({
  items: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: object({ product_id: uuid, quantity: { type: 'integer', minimum: 1, maximum: 999 } }),
  },
});

const page = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', maxLength: 1024 },
  },
  additionalProperties: false,
};

// The route's schema: what a list takes, and a page of it.
const listOf = (item) => ({
  querystring: page,
  response: {
    200: schemaOf({ type: 'array', items: item },
      { limit: integer, next_cursor: { type: 'string', nullable: true } }),
  },
});

module.exports = { product, order, place, listOf };
