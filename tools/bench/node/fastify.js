'use strict';
// Fastify as its manual shows it: schemas for what comes in and goes out, no log.

const { greeting, order, envelope, schemaOf } = require('./answers');

const port = Number(process.env.PORT ?? 0);
const app = require('fastify')({ logger: false });
const answered = (data) => ({ response: { 200: schemaOf(data) } });

app.get('/api/v1/json', { schema: answered(greeting) }, async () =>
  envelope({ message: 'Hello, World!' }));
app.post('/api/v1/echo', { schema: { body: order, ...answered(order) } }, async (request) =>
  envelope(request.body));

app.listen({ host: '127.0.0.1', port }).then(() =>
  console.log(`port ${app.server.address().port}`));
