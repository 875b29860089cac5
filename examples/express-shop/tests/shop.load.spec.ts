import { between, expect, mix, type Scenario, test, users } from 'playload';
import type { Contents } from '../src/app.ts';
import type { Product } from '../src/catalogue.ts';

const looking = between('200ms', '600ms');

/** Looks at three products, others in each visit: a cache that knows only what sells best is to show. */
const browse: Scenario = async ({ request, iteration, check, pause }) => {
  const products = await (await request.get<Product[]>('/products')).json();
  for (const step of [0, 1, 2]) {
    await pause(looking);
    const chosen = products[(3 * iteration + step) % products.length];
    const { slug, price } = await (await request.get<Product>(`/products/${chosen?.slug}`)).json();
    check('the page is that of the chosen product', slug === chosen?.slug && price === chosen.price);
  }
};

/** Buys what no other user wants, and is to get that alone. */
const buy: Scenario = async ({ request, user, check, group, pause }) => {
  const products = await (await request.get<Product[]>('/products')).json();
  const wanted = products[user % products.length];
  await request.post('/basket', { data: { slug: wanted?.slug } });
  await pause(looking);
  const { lines } = await (await request.get<Contents>('/basket')).json();
  check('the basket holds what its user put in', lines.length === 1 && lines[0]?.product.slug === wanted?.slug);
  await group('checkout', async () => {
    const ordered = await request.post('/checkout');
    await expect(ordered).toBeOK(); // without an order there is none to look at
    const { location = '' } = ordered.headers();
    const order = await (await request.get<Contents>(location)).json();
    check('the order costs what the product does', order.total === wanted?.price);
  });
};

test('twenty shoppers, one visit in four buys', async ({ load }) => {
  const shoppers = users(20).for('8s').thinking(between('300ms', '900ms'));
  const visit = mix([
    [3, browse],
    [1, buy],
  ]);
  const run = await load(shoppers, visit, { warmUp: '1s', routes: ['/products/:slug'] });
  expect(run).toMeet({ errorRate: '< 0.1%', p95: { target: '< 100ms', acceptable: '< 500ms' } });
  expect(run.group('checkout')).toMeet({ p95: { target: '< 250ms', acceptable: '< 800ms' } });
});
