import { arrivals, expect, mix, type Scenario, test } from 'playload';
import type { Product } from '../src/store.ts';
import { ask } from './graphql.ts';

const shelf = 'query Shelf { products(first: 20) { id title } }';
const page = 'query ProductPage($id: ID!) { product(id: $id) { title averageStars reviews { author stars } } }';
const review = `mutation Review($id: ID!, $author: String!) {
  addReview(product: $id, author: $author, stars: 5) { reviews { author } }
}`;

/** From the shelf to the page of one of its products, another in each iteration. */
const look: Scenario = async ({ request, iteration, check }) => {
  const { products } = await ask<{ products: Product[] }>(request, shelf);
  const chosen = products[iteration % products.length];
  const { product } = await ask<{ product: Product }>(request, page, { id: chosen?.id });
  check('the page is that of the chosen product', product.title === chosen?.title);
};

const praise: Scenario = async ({ request, iteration, check }) => {
  const variables = { id: `${1 + (iteration % 20)}`, author: `reader ${iteration}` };
  const { addReview } = await ask<{ addReview: { reviews: { author: string }[] } }>(request, review, variables);
  check(
    'the review is there',
    addReview.reviews.some(({ author }) => author === variables.author),
  );
};

test('thirty readers a second, one of six with praise', async ({ load }) => {
  const reader = mix([
    [5, look],
    [1, praise],
  ]);
  const run = await load(arrivals('30/s').for('8s'), reader, { warmUp: '1s' });
  expect(run).toMeet({ errorRate: '< 0.1%', p95: { target: '< 100ms', acceptable: '< 500ms' } });
  expect(run.endpoint('POST /graphql query ProductPage')).toMeet({ p95: { target: '< 100ms', acceptable: '< 500ms' } });
});
