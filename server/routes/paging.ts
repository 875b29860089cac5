/** Lists come in pages: how many rows one may have, and how an answer leads to the next one (RFC 8288). */
import { z } from '@hono/zod-openapi';
import { jsonContent } from './json-content.ts';

const defaultLimit = 50;
const largestLimit = 200;

const expected = `must be an integer from 1 to ${largestLimit}`;

/** A query parameter is text; what it says is checked before it is a number, so that `1e2` is not taken for one. */
export const limitSchema = z
  .string()
  .refine((text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= largestLimit, { error: expected })
  .transform(Number)
  .default(defaultLimit)
  .openapi({ type: 'integer', minimum: 1, maximum: largestLimit, default: defaultLimit });

/** The 200 of a route definition whose answer is a page of such rows. */
export const pageContent = <T extends z.ZodType>(row: T) => ({
  description: 'A page; the `Link` header with `rel="next"` leads to the next one, if there is one',
  headers: z.object({ link: z.string().optional() }),
  ...jsonContent(z.array(row)),
});

/** A page out of `limit + 1` rows, of which the one more only tells that there is a next page: then `last` is there. */
export function pageOf<Row>(found: readonly Row[], limit: number): { readonly page: Row[]; readonly last?: Row } {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return found.length > limit && last !== undefined ? { page, last } : { page };
}

/** A reference relative to the host. */
export const nextLink = (path: string, query: URLSearchParams) => ({
  link: `<${path}?${query.toString()}>; rel="next"`,
});
