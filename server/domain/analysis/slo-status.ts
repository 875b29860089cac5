/** Whether a promise is kept over its window, by how much it is missed, and how fast its budget is spent. */
import { z } from 'zod';
import { badShare, burnRate, burns, burnSchema } from './burn-rate.ts';
import { keeps, ratioOf, sloSchema, sourceOf, type Slo } from './slo.ts';
import type { Timeline } from './timeline.ts';
import { SnapshotWindow, windowSchema } from './window.ts';

export const sloStatusSchema = z
  .object({
    slo: sloSchema,
    state: z.enum(['met', 'violated', 'not_evaluated']),
    value: z.number().nullable(),
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
  const measured = measure(window, slo, minRequests);
  if (typeof measured === 'string')
    return { ...common, state: 'not_evaluated', value: null, ratio: null, reason: measured, burn_rate: null };
  const ratio = ratioOf(slo, measured);
  return {
    ...common,
    state: keeps(slo, measured) ? 'met' : 'violated',
    value: measured,
    ratio: Number.isFinite(ratio) ? ratio : null,
    reason: null,
    burn_rate: burnRate(badShare(window, slo)),
  };
}

/** The value over the window, or why there is none. */
function measure(window: SnapshotWindow, slo: Slo, minRequests: number): number | string {
  const source = sourceOf(slo.metric);
  if (window.samples === 0) return 'no snapshot in the window';
  if (source.kind === 'rate') {
    const total = source.field === 'requests' ? window.requests : window.total('generation_tokens');
    return total === null || window.measuredS === 0 ? 'not measured' : total / window.measuredS;
  }
  const thin = (count: number) =>
    count < minRequests ? `needs ${minRequests} in the window, got ${count}` : undefined;
  if (source.kind === 'quantile') {
    const seen = window.distribution(source.field);
    return seen === null ? 'not measured' : (thin(seen.count) ?? seen[source.quantile] ?? 'not measured');
  }
  const { requests } = window;
  const failed = window.total('failed');
  return requests === null || failed === null ? 'not measured' : (thin(requests) ?? failed / requests);
}
