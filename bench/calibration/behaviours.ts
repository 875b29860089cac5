/**
 * What the reference server does, as a function of how many requests came before: known exactly, so that whatever else
 * is measured is the instrument's error.
 */

export type Action =
  | { readonly kind: 'answer'; readonly afterMs: number; readonly status: number }
  /** Head and first bytes at once, the last bytes later. */
  | { readonly kind: 'slow body'; readonly endMs: number }
  /** The connection is reset instead of an answer. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };

/** The action for the `n`th request of a row, from 0. */
export type Behaviour = (n: number) => Action;

const ok = (afterMs: number): Action => ({ kind: 'answer', afterMs, status: 200 });
/** The last of every so many, so that the first request is never the odd one. */
const everyTh = (n: number, every: number) => n % every === every - 1;

export const behaviours = {
  'at once': () => ok(0),
  '5 ms': () => ok(5),
  '50 ms': () => ok(50),
  '80 ms': () => ok(80),
  '90 % 5 ms, 10 % 50 ms': (n) => ok(everyTh(n, 10) ? 50 : 5),
  '1 % 200 ms, else 2 ms': (n) => ok(everyTh(n, 100) ? 200 : 2),
  '2 % status 500': (n) => ({ kind: 'answer', afterMs: 0, status: everyTh(n, 50) ? 500 : 200 }),
  '2 % reset': (n) => (everyTh(n, 50) ? { kind: 'reset' } : ok(0)),
  '1 % silent': (n) => (everyTh(n, 100) ? { kind: 'silence' } : ok(0)),
  'body ends after 50 ms': () => ({ kind: 'slow body', endMs: 50 }),
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof behaviours;

export const behaviourNames = Object.keys(behaviours) as BehaviourName[];
