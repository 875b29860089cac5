/** Whether a promise is kept over its window, by how much it is missed, and how fast its budget is spent. */
import { z } from 'zod';
import type { Distribution } from '../engines/distribution.ts';
import { badShare, burnRate, burns, burnSchema } from './burn-rate.ts';
import { leastShare, manyEvents } from './least-share.ts';
import { keeps, ratioOf, sloSchema, sourceOf, type Slo } from './slo.ts';
import type { Timeline } from './timeline.ts';
import { SnapshotWindow, windowSchema } from './window.ts';

export const sloStatusSchema = z
  .object({
    slo: sloSchema,
    state: z.enum(['met', 'violated', 'not_evaluated']),
    value: z.number().nullable().meta({
      description:
        'The least that it can be, where fewer requests than `min_requests` prove that a promise on latency is broken',
    }),
    ratio: z.number().nullable().meta({
      description: 'How many times as bad as promised; above 1 is missed. Null when not evaluated, or for a rate of 0',
    }),
    reason: z.string().nullable().meta({ description: 'Why it was not evaluated' }),
    window: windowSchema,
    burn_rate: z.number().nullable().meta({ description: 'Over the window of the SLO; null where it has no meaning' }),
    burn: z.array(burnSchema).readonly(),
  })
  .readonly()
  .meta({ id: 'SloStatus' });
export type SloStatus = z.infer<typeof sloStatusSchema>;

interface SloInput {
  readonly line: Timeline;
  readonly slo: Slo;
  readonly nowMs: number;
  readonly minRequests: number;
}

export function sloStatus({ line, slo, nowMs, minRequests }: SloInput): SloStatus {
  const window = new SnapshotWindow(line, { fromMs: nowMs - slo.window_s * 1_000, toMs: nowMs });
  const common = { slo, window: window.facts, burn: burns({ line, slo, nowMs, minRequests }) };
  const open = (reason: string): SloStatus => ({
    ...common,
    ...{ state: 'not_evaluated', value: null, ratio: null, reason, burn_rate: null },
  });
  const measured = measure(window, slo, minRequests);
  if (typeof measured === 'string') return open(measured);
  const { value, isBroken = !keeps(slo, value) } = measured;
  const { staleReason } = window;
  if (!isBroken && staleReason !== undefined) return open(staleReason);
  const ratio = ratioOf(slo, value);
  return {
    ...common,
    state: isBroken ? 'violated' : 'met',
    value,
    ratio: Number.isFinite(ratio) ? ratio : null,
    reason: null,
    burn_rate: burnRate(badShare(window, slo)),
  };
}

interface Measured {
  readonly value: number;
  /** Known without comparing. */
  readonly isBroken?: true;
}

/** The value over the window, or why there is none. */
function measure(window: SnapshotWindow, slo: Slo, minRequests: number): Measured | string {
  const source = sourceOf(slo.metric);
  if (window.samples === 0) return 'no snapshot in the window';
  if (source.kind === 'rate') {
    const total = source.field === 'requests' ? window.requests : window.total('generation_tokens');
    return total === null || window.measuredS === 0 ? 'not measured' : { value: total / window.measuredS };
  }
  const thin = (count: number) =>
    count < minRequests ? `needs ${minRequests} in the window, got ${count}` : undefined;
  if (source.kind === 'quantile') {
    const seen = window.distribution(source.field);
    if (seen === null) return 'not measured';
    const least = seen.count < minRequests ? provenQuantile(seen, slo.target, source.q) : undefined;
    if (least !== undefined) return { value: least, isBroken: true };
    const value = seen[source.quantile];
    return thin(seen.count) ?? (value === null ? 'not measured' : { value });
  }
  const { requests } = window;
  const failed = window.total('failed');
  if (requests === null || failed === null) return 'not measured';
  return thin(requests) ?? { value: failed / requests };
}

/**
 * The highest bound of a bucket, from `target` on, that the q-quantile exceeds for certain: so many observations lie
 * above it that their share of all, at the least that they prove, is more than 1 - q. Undefined when there is none.
 */
function provenQuantile({ bounds, counts, count }: Distribution, target: number, q: number): number | undefined {
  let above = 0;
  for (let at = bounds.length - 1; at >= 0; at -= 1) {
    const bound = bounds[at] ?? 0;
    if (bound < target) return undefined;
    above += counts[at + 1] ?? 0;
    if (above >= manyEvents && leastShare(above, count) > 1 - q) return bound;
  }
  return undefined;
}
