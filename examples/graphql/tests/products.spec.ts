import { expect, test } from '@playwright/test';

test('a product has its reviews, and their average', async ({ request }) => {
  const query = '{ product(id: 1) { title averageStars reviews { author } } }';
  const response = await request.post('/graphql', { data: { query } });
  const product = { title: 'book 1', averageStars: 4.5, reviews: [{ author: 'ada' }, { author: 'ben' }] };
  expect(await response.json()).toEqual({ data: { product } });
});

test('what is not there is an error in a good answer', async ({ request }) => {
  const response = await request.post('/graphql', { data: { query: '{ product(id: 99) { title } }' } });
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({ errors: [{ message: 'there is no product 99' }] });
});
