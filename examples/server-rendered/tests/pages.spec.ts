import { expect, test } from '@playwright/test';

test('a page comes rendered, and its data alone as well', async ({ request }) => {
  const html = await (await request.get('/products/red-cup')).text();
  expect(html).toContain('<h1>red cup</h1>');
  expect(html).toContain('<p class="price">€ 9.45</p>');
  const data = await request.get('/_data/products/red-cup.json');
  expect(await data.json()).toMatchObject({ title: 'red cup', price: '€ 9.45' });
});

test('a page that is not there says so', async ({ request }) => {
  expect((await request.get('/products/pink-cup')).status()).toBe(404);
});
