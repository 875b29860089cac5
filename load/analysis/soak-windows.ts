/** A long run cut into a few dozen windows, however long it is: enough for a trend, and each with enough answers. */
import type { RunData } from '../measure/run-data.ts';
import { stretchOf } from './run-seconds.ts';

export type SoakWindow = {
  /** Middle of the window, on the run's axis. */
  readonly atMs: number;
  /** Response time in an open model, service time in a closed one. Absent where too few were answered for it. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  /** Answered well per second. */
  readonly okPerSec: number;
  /** Answered well, of what was due in the window. Absent where nothing was. */
  readonly okShare?: number;
};

export const soakWindowing = {
  /** So many, where they are not shorter than `minWindowS`. */
  windows: 40,
  minWindowS: 5,
  /** A percentile of fewer answers is one request's luck. */
  minAnswers: 20,
} as const;

/** Windows of equal length, in whole seconds, between two moments of a run; a last piece shorter than that is left out. */
export function soakWindows(
  data: RunData,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): SoakWindow[] {
  const [from, to] = [Math.ceil(fromMs / 1_000), Math.floor(toMs / 1_000)];
  const windowS = Math.max(soakWindowing.minWindowS, Math.ceil((to - from) / soakWindowing.windows));
  const count = Math.max(0, Math.floor((to - from) / windowS));
  return Array.from({ length: count }, (_, at) => {
    const beginS = from + at * windowS;
    const { requests, ok, latency } = stretchOf(data, beginS, beginS + windowS);
    const [p50Ms, p95Ms] =
      latency.count < soakWindowing.minAnswers ? [] : [latency.percentile(50), latency.percentile(95)];
    return {
      atMs: (beginS + windowS / 2) * 1_000,
      ...(p50Ms !== undefined && { p50Ms }),
      ...(p95Ms !== undefined && { p95Ms }),
      okPerSec: ok / windowS,
      ...(requests > 0 && { okShare: ok / requests }),
    };
  });
}
