import { arrivals, between, expect, type Scenario, test } from 'playload';
import type { Product } from '../src/product-page.tsx';

const shown = ['black-bowl', 'blue-cup', 'green-jug', 'red-cup'];

/** What a browser asks for at a first visit, a click and a reload. */
const visit: Scenario = async ({ request, iteration, check, group, pause }) => {
  const path = `/products/${shown[iteration % shown.length]}`;
  const page = await group('first screen', async () => {
    const response = await request.get(path);
    await expect(response).toBeOK(); // without a page there is nothing to click
    const html = await response.text();
    const assets = new Set(html.match(/(?<=(?:href|src)=")\/_assets\/[^"]+/g));
    const answers = await Promise.all([...assets].map((asset) => request.get(asset)));
    const kept = answers.filter((answer) => answer.headers()['cache-control']?.includes('immutable'));
    check('three assets, to be kept for ever', kept.length === 3);
    return { html, etag: response.headers()['etag'] ?? '' };
  });
  await pause(between('300ms', '900ms'));
  const related = /href="\/products\/([\w-]+)"/.exec(page.html)?.[1];
  const data = await request.get<Product>(`/_data/products/${related}.json`);
  check('the click shows a product', (await data.json()).slug === related);
  await pause(between('300ms', '900ms'));
  const again = await request.get(path, { headers: { 'If-None-Match': page.etag } });
  check('a page that has not changed is not sent again', again.status() === 304);
};

test('fifteen visitors a second, each with a browser of its own', async ({ load }) => {
  const run = await load(arrivals('15/s').for('8s'), visit, {
    warmUp: '1s',
    connections: 'per-iteration',
    maxConnections: 6,
    routes: ['/products/:slug', '/_data/products/:slug', '/_assets/*'],
  });
  expect(run).toMeet({ errorRate: '< 0.1%' });
  expect(run.group('first screen')).toMeet({ p95: { target: '< 250ms', acceptable: '< 800ms' } });
  expect(run.endpoint('GET /products/:slug')).toMeet({ p95: { target: '< 150ms', acceptable: '< 500ms' } });
});
