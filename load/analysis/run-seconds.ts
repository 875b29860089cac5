/** A stretch of a run, put together from its one-second windows: what was asked, what came of it, and how long it took. */
import type { Model, RunData } from '../measure/run-data.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import { windowPrecision } from '../measure/run-data.ts';

export type Stretch = {
  /** Requests that were due: arrivals in an open model, dropped ones included, or what was sent if that is more. */
  readonly requests: number;
  readonly ok: number;
  /** Response time in an open model, service time in a closed one; ms. */
  readonly latency: SparseHistogram;
  /** Most requests in flight at once. */
  readonly inFlight: number;
};

/** Seconds `from` up to, not including, `to`, of all endpoints; negative ones are warm-up. */
export function stretchOf(
  data: Pick<RunData, 'endpoints' | 'windows'> & { readonly plan: { readonly model: Model } },
  from: number,
  to: number,
): Stretch {
  const latency = new SparseHistogram(windowPrecision);
  const sums = { ok: 0, failed: 0, scheduled: 0, inFlight: 0 };
  for (let second = from; second < to; second += 1) {
    for (const endpoint of data.endpoints.values()) {
      const window = endpoint.windows.get(second);
      if (window === undefined) continue;
      latency.add(window.latency);
      sums.ok += window.ok;
      sums.failed += window.failed;
    }
    const run = data.windows.get(second);
    if (data.plan.model === 'open') sums.scheduled += run?.scheduled ?? 0;
    sums.inFlight = Math.max(sums.inFlight, run?.inFlight ?? 0);
  }
  return { requests: Math.max(sums.scheduled, sums.ok + sums.failed), ok: sums.ok, latency, inFlight: sums.inFlight };
}
