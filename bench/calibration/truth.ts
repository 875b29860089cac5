/** What is true of a row by construction: its latencies, and how many requests ended how. No clock, no network. */
import { ascending, countedPercentile } from '../../load/analysis/statistics/quantile.ts';
import { unreachable } from '../../load/unreachable.ts';
import { type Action, behaviours } from './behaviours.ts';
import { requestsOf, type Row } from './rows.ts';

export interface Truth {
  readonly requests: number;
  readonly ok: number;
  readonly failed: number;
  readonly timedOut: number;
  /** Kinds of error as summaries name them, with how many there are. */
  readonly errors: Readonly<Record<string, number>>;
  /** Response time in an open row, service time in a closed one. */
  readonly percentileMs: (percent: number) => number;
}

/** How long the server really held each request of a row, ms; null for one that it never answered. */
export type Held = readonly (number | null)[];

/**
 * Without `held` what the server is to do; with it what it did: a server that was itself held up by the machine is not
 * the instrument's error.
 */
export function truthOf(row: Row, held: Held = []): Truth {
  const requests = requestsOf(row);
  const ends = Array.from({ length: requests }, (_, n) => endOf(behaviours[row.behaviour](n), row));
  const latencies = ascending(ends.map(({ ms }, n) => ({ value: (held[n] ?? ms) + frozenMs(row, n), count: 1 })));
  const of = (outcome: End['outcome']) => ends.filter((end) => end.outcome === outcome).length;
  const errors: Record<string, number> = {};
  for (const { error } of ends) if (error !== undefined) errors[error] = (errors[error] ?? 0) + 1;
  return {
    requests,
    ok: of('ok'),
    failed: of('failed'),
    timedOut: of('timedOut'),
    errors,
    percentileMs: (percent) => countedPercentile(latencies, percent / 100) ?? Number.NaN,
  };
}

interface End {
  readonly outcome: 'ok' | 'failed' | 'timedOut';
  readonly ms: number;
  readonly error?: string;
}

function endOf(action: Action, { timeoutMs = Number.NaN }: Row): End {
  switch (action.kind) {
    case 'answer':
      return action.status < 400
        ? { outcome: 'ok', ms: action.afterMs }
        : { outcome: 'failed', ms: action.afterMs, error: `HTTP ${action.status}` };
    case 'slow body':
      return { outcome: 'ok', ms: action.endMs };
    case 'reset':
      return { outcome: 'failed', ms: 0, error: 'ECONNRESET' };
    case 'silence':
      return { outcome: 'timedOut', ms: timeoutMs, error: 'timeout' };
    default:
      return unreachable(action);
  }
}

/** What is left of the freeze when the `n`th arrival is due; arrivals come evenly, the first at 0. */
function frozenMs({ load, freeze }: Row, n: number): number {
  if (freeze === undefined || load.kind === 'closed') return 0;
  const dueMs = (n * 1_000) / load.perSec;
  const endsMs = freeze.atMs + freeze.forMs;
  return dueMs >= freeze.atMs && dueMs < endsMs ? endsMs - dueMs : 0;
}
