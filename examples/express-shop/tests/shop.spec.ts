import { expect, test } from '@playwright/test';

test('the catalogue lists products, and each has a page', async ({ request }) => {
  const products = (await (await request.get('/products')).json()) as { slug: string }[];
  expect(products).toHaveLength(20);
  await expect(await request.get(`/products/${products[0]?.slug}`)).toBeOK();
});

test('what is in the basket is ordered', async ({ request }) => {
  await request.post('/basket', { data: { slug: 'blue-cup', quantity: 2 } });
  const ordered = await request.post('/checkout');
  expect(ordered.status()).toBe(201);
  const order = await request.get(ordered.headers()['location'] ?? '');
  expect(await order.json()).toMatchObject({ total: 1_380, lines: [{ quantity: 2 }] });
  expect((await request.post('/checkout')).status()).toBe(409);
});
