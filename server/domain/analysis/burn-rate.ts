/**
 * Burn rate: how many times faster than allowed the error budget is spent; 1 spends exactly all of it. Several windows
 * together tell a lasting fault from a spike: Google, "The Site Reliability Workbook", chapter 5, "Alerting on SLOs",
 * recommendation 6, whose windows and factors (for a budget of 30 days) these are.
 *
 * A promise on a quantile is a promise on a share: "p95 < 0.5 s" allows 5 % of requests to take longer.
 */
import { z } from 'zod';
import { countAbove } from '../engines/distribution.ts';
import { sourceOf, type Slo } from './slo.ts';
import type { Timeline } from './timeline.ts';
import { SnapshotWindow } from './window.ts';

interface BurnWindows {
  readonly longS: number;
  readonly shortS: number;
  readonly factor: number;
}

export const burnWindows: readonly BurnWindows[] = [
  { longS: 3_600, shortS: 300, factor: 14.4 },
  { longS: 21_600, shortS: 1_800, factor: 6 },
  { longS: 259_200, shortS: 21_600, factor: 1 },
];

const rate = z.number().nullable();

export const burnSchema = z
  .object({
    long_s: z.number(),
    short_s: z.number(),
    factor: z.number().meta({ description: 'Burn rate from which both windows together call for action' }),
    long_rate: rate,
    short_rate: rate,
    firing: z.boolean().nullable().meta({ description: 'Null when it could not be evaluated' }),
    reason: z.string().nullable().meta({ description: 'Why it could not be evaluated' }),
  })
  .readonly()
  .meta({ id: 'BurnRate' });
type Burn = z.infer<typeof burnSchema>;

/** Requests that count, and those of them that broke the promise. */
interface BadShare {
  readonly bad: number;
  readonly total: number;
  /** Share that may be bad. */
  readonly budget: number;
}

/** Null for a promise on throughput, which no single request breaks, and where nothing was measured. */
export function badShare(window: SnapshotWindow, slo: Slo): BadShare | null {
  const source = sourceOf(slo.metric);
  if (source.kind === 'rate') return null;
  if (source.kind === 'quantile') {
    const seen = window.distribution(source.field);
    return seen === null ? null : { bad: countAbove(seen, slo.target), total: seen.count, budget: 1 - source.q };
  }
  const failed = window.total('failed');
  const total = window.requests;
  return failed === null || total === null ? null : { bad: failed, total, budget: slo.target };
}

/** Null when nothing was measured. */
export function burnRate(share: BadShare | null): number | null {
  return share === null || share.total === 0 ? null : share.bad / share.total / share.budget;
}

interface BurnInput {
  readonly line: Timeline;
  readonly slo: Slo;
  readonly nowMs: number;
  readonly minRequests: number;
}

/** Each pair of windows; empty for a promise on throughput. */
export function burns(input: BurnInput): Burn[] {
  return sourceOf(input.slo.metric).kind === 'rate' ? [] : burnWindows.map((windows) => burn(input, windows));
}

function burn({ line, slo, nowMs, minRequests }: BurnInput, { longS, shortS, factor }: BurnWindows): Burn {
  const over = (seconds: number) => new SnapshotWindow(line, { fromMs: nowMs - seconds * 1_000, toMs: nowMs });
  const base = { long_s: longS, short_s: shortS, factor };
  const notEvaluated = (reason: string): Burn => ({ ...base, long_rate: null, short_rate: null, firing: null, reason });
  const historyS = Math.floor((nowMs - (line.firstAtMs ?? nowMs)) / 1_000);
  if (historyS < longS) return notEvaluated(`needs ${longS} s of history, got ${Math.max(0, historyS)}`);
  const recent = over(shortS);
  const [long, short] = [badShare(over(longS), slo), badShare(recent, slo)];
  if (long === null || short === null) return notEvaluated('not measured');
  if (short.total < minRequests)
    return notEvaluated(`needs ${minRequests} requests in the short window, got ${short.total}`);
  if (factor * short.budget > 1)
    return notEvaluated(`a budget of ${percent(short.budget)} can't be spent ${factor} times as fast as allowed`);
  const [longRate, shortRate] = [burnRate(long) ?? 0, burnRate(short) ?? 0];
  const firing = longRate >= factor && shortRate >= factor;
  const { staleReason } = recent;
  if (!firing && staleReason !== undefined) return notEvaluated(staleReason);
  return { ...base, long_rate: longRate, short_rate: shortRate, firing, reason: null };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
