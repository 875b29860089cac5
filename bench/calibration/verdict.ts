/** Holds what was measured of a row against what is true: each error in ms and percent, each count exactly. */
import { finished, accountingProblems, type RequestCounts } from '../../load/measure/counts.ts';
import type { GeneratorVerdict } from '../../load/measure/summary.ts';
import type { Row } from './rows.ts';
import { type Held, type Truth, truthOf } from './truth.ts';

export interface Measurement {
  readonly counts: RequestCounts;
  /** By kind. */
  readonly errors: Readonly<Record<string, number>>;
  /** The row's percentiles in its order; response time in an open row, service time in a closed one. */
  readonly percentilesMs: readonly number[];
  /** Open rows only. */
  readonly lagMs?: { readonly p50: number; readonly p99: number };
  /** One for each request that has reached the server. */
  readonly held: Held;
  /** What the engine says of its own process: `noisy` is a machine busy with other things. */
  readonly generator: Pick<GeneratorVerdict, 'verdict' | 'reason'>;
}

/**
 * Errors beyond these say that the instrument cannot be trusted on this machine. A request costs a tenth or two of a
 * millisecond of transport; users of a closed row come all at once and wait for each other's turn in both processes; a
 * tail also meets whatever else the machine does.
 */
export const calibrationLimits = {
  open: { medianMs: 0.25, tailMs: 1.5 },
  closed: { medianMs: 1.5, tailMs: 10 },
  /** Closed, and where the server was frozen: or this share of the truth, where it is more. */
  share: 0.05,
  lagP99Ms: 1.5,
} as const;

export interface Figure {
  readonly percent: number;
  /** By construction. */
  readonly trueMs: number;
  /** What the server did, by its own clock. */
  readonly heldMs: number;
  readonly measuredMs: number;
  readonly errorMs: number;
  /** Of what the server did; absent where the truth is 0. */
  readonly errorPercent?: number;
  readonly limitMs: number;
  readonly within: boolean;
}

/** Errors are counted from what the server did. */
export function figuresOf(row: Row, { percentilesMs, held }: Measurement): Figure[] {
  const [construction, done] = [truthOf(row), truthOf(row, held)];
  return row.percentiles.map((percent, at) => {
    const [trueMs, heldMs] = [construction.percentileMs(percent), done.percentileMs(percent)];
    const measuredMs = percentilesMs[at] ?? Number.NaN;
    const errorMs = measuredMs - heldMs;
    const limitMs = limitOf(row, percent, trueMs);
    return {
      ...{ percent, trueMs, heldMs, measuredMs, errorMs, limitMs },
      ...(trueMs > 0 && { errorPercent: (errorMs * 100) / heldMs }),
      within: Math.abs(errorMs) <= limitMs,
    };
  });
}

function limitOf({ load, freeze }: Row, percent: number, trueMs: number): number {
  const { medianMs, tailMs } = calibrationLimits[load.kind];
  const limitMs = percent > 50 ? tailMs : medianMs;
  return load.kind === 'open' && freeze === undefined ? limitMs : Math.max(limitMs, calibrationLimits.share * trueMs);
}

/** What does not add up, in words: the books, the ends by kind, what the server saw, the schedule, the lag. */
export function countProblems(truth: Truth, { counts, errors, held, lagMs }: Measurement): string[] {
  const expected = { ok: truth.ok, failed: truth.failed, 'timed out': truth.timedOut, dropped: 0, unfinished: 0 };
  const { ok, failed, timedOut, dropped, unfinished } = counts;
  const got: typeof expected = { ok, failed, 'timed out': timedOut, dropped, unfinished };
  const differ = (what: string, want: number, came: number) =>
    want === came ? [] : [`${what}: ${want} by construction, ${came} measured`];
  const kinds = new Set([...Object.keys(truth.errors), ...Object.keys(errors)]);
  return [
    ...accountingProblems(counts, 'books'),
    ...differ('scheduled', truth.requests, counts.scheduled),
    ...differ('ended', truth.requests, finished(counts)),
    ...Object.entries(expected).flatMap(([what, want]) => differ(what, want, got[what as keyof typeof got])),
    ...[...kinds].flatMap((kind) => differ(kind, truth.errors[kind] ?? 0, errors[kind] ?? 0)),
    ...differ('seen by the server', held.length, counts.started),
    ...(lagMs !== undefined && lagMs.p99 > calibrationLimits.lagP99Ms
      ? [`lag p99: ${lagMs.p99.toFixed(1)} ms, limit ${calibrationLimits.lagP99Ms} ms`]
      : []),
  ];
}
