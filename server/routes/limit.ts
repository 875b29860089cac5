/** How many rows a page of a list may have. */
import { z } from '@hono/zod-openapi';

export const defaultLimit = 50;
export const largestLimit = 200;

const expected = `must be an integer from 1 to ${largestLimit}`;

/** A query parameter is text; what it says is checked before it is a number, so that `1e2` is not taken for one. */
export const limitSchema = z
  .string()
  .refine((text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= largestLimit, { error: expected })
  .transform(Number)
  .default(defaultLimit)
  .openapi({ type: 'integer', minimum: 1, maximum: largestLimit, default: defaultLimit });
