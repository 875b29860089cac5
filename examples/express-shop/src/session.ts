/** Who a browser is, by a cookie, and what it has in its basket. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Slugs of products, each with how many. */
export type Basket = Map<string, number>;

declare global {
  namespace Express {
    interface Locals {
      basket: Basket;
    }
  }
}

const baskets = new Map<string, Basket>();

export const session: RequestHandler = (request, response, next) => {
  const known = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const id = known ?? randomUUID();
  if (known === undefined) response.cookie('session', id, { httpOnly: true, sameSite: 'lax' });
  const basket = baskets.get(id) ?? new Map<string, number>();
  baskets.set(id, basket);
  response.locals.basket = basket;
  next();
};
