/** What `npm run calibrate` measures: each behaviour closed and open, and the two experiments that tell tools apart. */
import type { BehaviourName } from './behaviours.ts';

export interface Row {
  readonly behaviour: BehaviourName;
  readonly load:
    | { readonly kind: 'closed'; readonly users: number; readonly requests: number }
    | { readonly kind: 'open'; readonly perSec: number; readonly seconds: number };
  /** Percentiles whose truth is known by construction; those on the edge between two modes are not asked. */
  readonly percentiles: readonly number[];
  readonly timeoutMs?: number;
  /** The server stands still for so long from that moment. */
  readonly freeze?: { readonly atMs: number; readonly forMs: number };
}

const closed = (users: number, requests: number) => ({ kind: 'closed', users, requests }) as const;
const open = (perSec: number, seconds: number) => ({ kind: 'open', perSec, seconds }) as const;

/** One fixed delay at a low rate, which autocannon's rate correction gets wrong. */
export const trap = { behaviour: '80 ms', load: open(20, 10), percentiles: [50, 90] } as const satisfies Row;

export const rows: readonly Row[] = [
  { behaviour: 'at once', load: closed(10, 10_000), percentiles: [50, 99] },
  { behaviour: '5 ms', load: closed(10, 2_000), percentiles: [50, 99] },
  { behaviour: '50 ms', load: closed(20, 1_000), percentiles: [50, 99] },
  { behaviour: '90 % 5 ms, 10 % 50 ms', load: closed(10, 2_000), percentiles: [50, 99] },
  { behaviour: '1 % 200 ms, else 2 ms', load: closed(10, 3_000), percentiles: [50, 99.5] },
  { behaviour: '2 % status 500', load: closed(10, 5_000), percentiles: [50] },
  { behaviour: '2 % reset', load: closed(10, 2_000), percentiles: [50] },
  { behaviour: '1 % silent', load: closed(10, 2_000), percentiles: [50, 99.5], timeoutMs: 300 },
  { behaviour: 'body ends after 50 ms', load: closed(20, 1_000), percentiles: [50, 99] },
  { behaviour: 'at once', load: open(1_000, 4), percentiles: [50, 99] },
  { behaviour: '5 ms', load: open(500, 4), percentiles: [50, 99] },
  { behaviour: '50 ms', load: open(500, 4), percentiles: [50, 99] },
  { behaviour: '90 % 5 ms, 10 % 50 ms', load: open(500, 4), percentiles: [50, 99] },
  { behaviour: '1 % 200 ms, else 2 ms', load: open(500, 4), percentiles: [50, 99.5] },
  { behaviour: '2 % status 500', load: open(500, 4), percentiles: [50] },
  { behaviour: '2 % reset', load: open(500, 4), percentiles: [50] },
  { behaviour: '1 % silent', load: open(500, 4), percentiles: [50, 99.5], timeoutMs: 300 },
  { behaviour: 'body ends after 50 ms', load: open(250, 4), percentiles: [50, 99] },
  { behaviour: 'at once', load: open(500, 10), percentiles: [50, 99], freeze: { atMs: 4_500, forMs: 1_000 } },
  trap,
];

export type OpenRow = Row & { readonly load: Extract<Row['load'], { kind: 'open' }> };

const isOpen = (row: Row): row is OpenRow => row.load.kind === 'open';

/** Open rows that other generators are asked for too, in the same run. */
export const besideRows: readonly OpenRow[] = rows
  .filter(isOpen)
  .filter(({ behaviour, freeze }) => freeze === undefined && ['at once', '5 ms', '50 ms'].includes(behaviour));

/** How many requests a row sends: an open one begins at 0 and starts one less than its end. */
export function requestsOf({ load }: Row): number {
  return load.kind === 'closed' ? load.requests : load.perSec * load.seconds;
}

/** `open 500/s for 10s, at once, frozen 1s`. */
export function describeRow({ behaviour, load, freeze }: Row): string {
  const how = load.kind === 'closed' ? `closed, ${load.users} users` : `open, ${load.perSec}/s`;
  return `${how}: ${behaviour}${freeze === undefined ? '' : `, frozen ${freeze.forMs / 1_000} s of ${load.kind === 'open' ? load.seconds : '?'}`}`;
}
