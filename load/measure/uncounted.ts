/**
 * Requests that were sent while a run was measured and that it did not measure: by row and sender, so that they can be
 * named. Kept few, whatever is sent.
 */
import { entryName } from './entry-name.ts';
import { plainLine } from './plain-line.ts';
import { routeTemplate } from './samples/endpoint-name.ts';
import type { RoutePattern } from './samples/route-pattern.ts';

/** Rows told apart at most. */
const mostRows = 50;
const others = '(others)';

/** `GET /login by Playwright's own request context` → how many. */
export type UncountedRequests = Map<string, number>;

/** `routes`: the user's own, which name rows as they do in the books. */
export function noteUncounted(
  into: UncountedRequests,
  { method, url, by }: { readonly method: string; readonly url: string; readonly by: string },
  routes: readonly RoutePattern[] = [],
): void {
  const row = `${entryName(`${method} ${routeTemplate(url, routes)}`)} by ${plainLine(by)}`;
  const key = into.has(row) || into.size < mostRows ? row : others;
  into.set(key, (into.get(key) ?? 0) + 1);
}

export function addUncounted(into: UncountedRequests, from: ReadonlyMap<string, number>): void {
  for (const [row, count] of from) {
    const key = into.has(row) || into.size < mostRows ? row : others;
    into.set(key, (into.get(key) ?? 0) + count);
  }
}
