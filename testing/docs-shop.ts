/**
 * For tests: the small shop that the docs' specs load. It knows people by a token or a cookie, takes orders, files and
 * GraphQL, lets nobody in who has not logged in, and streams.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { echoAt, shopPage, streamedAnswer } from './docs-shop-streams.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
  readonly url: URL;
}

const products = [
  { id: 'p1', name: 'kettle', price: 30 },
  { id: 'p2', name: 'teapot', price: 25 },
];

const nameIn = ({ headers }: Asked): string | undefined =>
  /token-of-([\w-]+)/.exec(`${headers.authorization ?? ''} ${headers.cookie ?? ''}`)?.[1];

const json = ({ body }: Asked): Readonly<Record<string, unknown>> =>
  JSON.parse(body.length === 0 ? '{}' : body.toString()) as Readonly<Record<string, unknown>>;

const orders = new Map<string, { readonly id: string; readonly by: string; readonly product: string }>();

type Route = (asked: Asked) => Answer;

/** Only for who has logged in. */
const known =
  (route: (name: string, asked: Asked) => Answer): Route =>
  (asked) => {
    const name = nameIn(asked);
    return name === undefined ? { status: 401, body: { error: 'who are you?' } } : route(name, asked);
  };

const routes: Readonly<Record<string, Route>> = {
  'GET /': () => ({ status: 200, body: { shop: 'open' } }),
  'GET /health': () => ({ status: 200, body: { status: 'ok' } }),
  'GET /api/products': () => ({ status: 200, body: products }),
  'GET /products': () => ({ status: 200, body: products }),
  'GET /search': ({ url }) => ({
    status: 200,
    body: products.filter(({ name }) => name.includes(url.searchParams.get('q') ?? '')),
  }),
  'POST /login': (asked) => {
    const { name } = json(asked);
    if (typeof name !== 'string') return { status: 400, body: { error: 'no name' } };
    const token = `token-of-${name}`;
    return { status: 200, body: { token }, headers: { 'set-cookie': `session=${token}; Path=/` } };
  },
  'POST /logout': () => ({ status: 204 }),
  'GET /account': known((name) => ({ status: 200, body: { name } })),
  'GET /basket': known((name) => ({ status: 200, body: { name, items: [] } })),
  'POST /orders': known((name, asked) => {
    const id = `o${orders.size + 1}`;
    const order = { id, by: name, product: String(json(asked)['product']) };
    orders.set(id, order);
    return { status: 201, body: order };
  }),
  'POST /files': ({ headers, body }) =>
    headers['content-type']?.startsWith('multipart/form-data') === true
      ? { status: 201, body: { bytes: body.length } }
      : { status: 415 },
  'POST /graphql': (asked) => {
    const { query } = json(asked);
    const isProducts = typeof query === 'string' && query.includes('products');
    return { status: 200, body: isProducts ? { data: { products } } : { errors: [{ message: 'no such field' }] } };
  },
};

function answerTo(method: string, asked: Asked): Answer {
  const { pathname } = asked.url;
  const route = routes[`${method} ${pathname}`];
  if (route !== undefined) return route(asked);
  const [, kind, id = ''] = pathname.split('/');
  const found = kind === 'orders' ? orders.get(id) : products.find((product) => product.id === id);
  return found === undefined ? { status: 404, body: { error: 'not here' } } : { status: 200, body: found };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://shop.example');
  const asked = `${request.method ?? 'GET'} ${url.pathname}`;
  if (asked === 'GET /' && request.headers.accept?.includes('text/html') === true) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(shopPage);
    return;
  }
  const streamed = streamedAnswer(asked, Buffer.concat(chunks).toString());
  if (streamed !== undefined) {
    streamed(response);
    return;
  }
  const { status, body, headers } = answerTo(request.method ?? 'GET', {
    body: Buffer.concat(chunks),
    headers: request.headers,
    url,
  });
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

/** Not yet listening. */
export function docsShop(): Server {
  const server = createServer((request, response) => void answer(request, response)); // nothing in it rejects but a lost client
  echoAt(server);
  return server;
}
