'use strict';
// Express as its manual shows it, with ajv before the handler that needs a valid body; no log.

const express = require('express');
const Ajv = require('ajv');
const { order, envelope } = require('./answers');

const port = Number(process.env.PORT ?? 0);
const app = express();
const valid = new Ajv().compile(order);

app.use(express.json());
app.get('/api/v1/json', (request, response) =>
  response.json(envelope({ message: 'Hello, World!' })));
app.post('/api/v1/echo', (request, response) => {
  if (!valid(request.body)) return response.status(422).json({ errors: valid.errors });
  response.json(envelope(request.body));
});

const server = app.listen(port, '127.0.0.1', () => console.log(`port ${server.address().port}`));
