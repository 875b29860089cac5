/** Products and their reviews. A real API has a database; this one takes as long as a near one would. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Product {
  readonly id: string;
  readonly title: string;
}

export interface Review {
  readonly author: string;
  readonly stars: number;
}

const roundTripMs = 3;
const products: readonly Product[] = Array.from({ length: 50 }, (_, at) => ({
  id: `${at + 1}`,
  title: `book ${at + 1}`,
}));
/** Every fifth product is new, and nobody has reviewed it. */
const reviews = new Map<string, Review[]>(
  products.map(({ id }) => [
    id,
    Number(id) % 5 === 0
      ? []
      : [
          { author: 'ada', stars: 4 },
          { author: 'ben', stars: 5 },
        ],
  ]),
);

export async function findProducts(first: number): Promise<readonly Product[]> {
  await sleep(roundTripMs);
  return products.slice(0, first);
}

export async function findProduct(id: string): Promise<Product | undefined> {
  await sleep(roundTripMs);
  return products.find((product) => product.id === id);
}

export async function findReviews(id: string): Promise<readonly Review[]> {
  await sleep(roundTripMs);
  return reviews.get(id) ?? [];
}

/** The last twenty are kept. */
export async function addReview(id: string, review: Review): Promise<void> {
  await sleep(roundTripMs);
  reviews.set(id, [...(reviews.get(id) ?? []), review].slice(-20));
}
