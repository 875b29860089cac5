import express, { type Express } from 'express';
import { catalogue, type Product } from './catalogue.ts';
import { type Basket, session } from './session.ts';

/** Of a basket, or of an order. */
export interface Contents {
  readonly lines: readonly { readonly product: Product; readonly quantity: number }[];
  /** In cents. */
  readonly total: number;
}

export function createApp(): Express {
  const app = express();
  const orders: Contents[] = [];
  app.use(express.json(), session);

  app.get('/products', (_request, response) => {
    response.json(catalogue);
  });

  app.get('/products/:slug', (request, response) => {
    const product = catalogue.find(({ slug }) => slug === request.params.slug);
    if (product === undefined) response.status(404).json({ error: 'no such product' });
    else response.json(product);
  });

  app.get('/basket', (_request, response) => {
    response.json(contents(response.locals.basket));
  });

  app.post('/basket', (request, response) => {
    const { slug, quantity = 1 } = request.body as { slug?: string; quantity?: number };
    const { basket } = response.locals;
    if (slug === undefined || !catalogue.some((product) => product.slug === slug)) {
      response.status(422).json({ error: 'no such product' });
      return;
    }
    basket.set(slug, (basket.get(slug) ?? 0) + quantity);
    response.status(201).json(contents(basket));
  });

  app.post('/checkout', (_request, response) => {
    const { basket } = response.locals;
    if (basket.size === 0) {
      response.status(409).json({ error: 'the basket is empty' });
      return;
    }
    orders.push(contents(basket));
    basket.clear();
    response.status(201).location(`/orders/${orders.length}`).json({ id: orders.length });
  });

  app.get('/orders/:id', (request, response) => {
    const order = orders[Number(request.params.id) - 1];
    if (order === undefined) response.status(404).json({ error: 'no such order' });
    else response.json(order);
  });

  return app;
}

function contents(basket: Basket): Contents {
  const lines = catalogue.flatMap((product) => {
    const quantity = basket.get(product.slug) ?? 0;
    return quantity === 0 ? [] : [{ product, quantity }];
  });
  return { lines, total: lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0) };
}
