import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { renderToString } from 'react-dom/server';
import { assets } from './assets.ts';
import { priceOf } from './prices.ts';
import { ProductPage, type Product } from './product-page.tsx';

const slugs = ['black', 'blue', 'green', 'red'].flatMap((colour) =>
  ['bowl', 'cup', 'jug'].map((is) => `${colour}-${is}`),
);

async function findProduct(slug: string): Promise<Product | undefined> {
  if (!slugs.includes(slug)) return undefined;
  const related = slugs.filter((other) => other !== slug && other.split('-')[1] === slug.split('-')[1]);
  return { slug, title: slug.replace('-', ' '), price: await priceOf(slug), related };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const asset = Object.values(assets).find((known) => known.path === path);
  if (asset !== undefined) {
    response.writeHead(200, { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' });
    response.end(asset.body);
    return;
  }
  const { slug = '', wantsData } =
    /^(?<wantsData>\/_data)?\/products\/(?<slug>[\w-]+)(?:\.json)?$/.exec(path)?.groups ?? {};
  const product = await findProduct(slug);
  if (product === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page');
    return;
  }
  const [type, body] =
    wantsData === undefined
      ? ['text/html; charset=utf-8', `<!doctype html>${renderToString(<ProductPage {...product} />)}`]
      : ['application/json', JSON.stringify(product)];
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
  const isKnown = request.headers['if-none-match'] === etag;
  response.writeHead(isKnown ? 304 : 200, { 'content-type': type, 'cache-control': 'no-cache', etag });
  response.end(isKnown ? undefined : body);
}

export function createApp(): Server {
  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
}
