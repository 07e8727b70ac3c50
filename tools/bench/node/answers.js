'use strict';
// What the bench module (tools/bench/module) takes and answers, in the words of JSON schema. The
// servers beside this file use it.

const text = (minLength, maxLength) => ({ type: 'string', minLength, maxLength });
const integer = (minimum, maximum) => ({ type: 'integer', minimum, maximum });

const object = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const greeting = object({ message: { type: 'string' } });

const order = object({
  email: { ...text(3, 254), pattern: '^[^@]+@[^@]+$' },
  name: text(1, 80),
  address: object({
    street: text(1, 100),
    city: text(1, 60),
    postcode: text(3, 12),
    country: text(2, 2),
  }),
  lines: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: object({
      sku: text(1, 32),
      title: text(1, 80),
      quantity: integer(1, 999),
      unit_price: integer(0, 10000000),
      gift: { type: 'boolean' },
    }),
  },
  discount_percent: { type: 'number', minimum: 0, maximum: 100 },
  note: text(0, 500),
});

const schemaOf = (data, meta = {}) => object({
  success: { type: 'boolean' },
  data,
  error: { type: 'null' },
  meta: object({ request_id: { type: 'string' }, ...meta }),
});

const request_id = process.env.REQUEST_ID;
const envelope = (data, meta = {}) =>
  ({ success: true, data, error: null, meta: { request_id, ...meta } });

module.exports = { greeting, order, object, schemaOf, envelope };
