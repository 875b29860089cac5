import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler } from 'graphql-http/lib/use/http';
import { rootValue, schema } from './schema.ts';

const graphql = createHandler({ schema, rootValue });

const server = createServer((request, response) => {
  if (request.url === '/graphql') void graphql(request, response);
  else response.writeHead(404).end();
});
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}`);
});
