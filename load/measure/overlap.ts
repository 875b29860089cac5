/** Whether parts of a load were under way at one time: a server that never had them all at once never had the whole load. */

/** Of the shortest part, the time in which all were under way. */
const leastOverlap = 0.9;
/** Starts no further apart are one start, as near as processes come to it on a busy machine: a load may be that short. */
const oneStartMs = 50;

export interface Stretch {
  /** On a clock that all share. */
  readonly fromMs: number;
  readonly durationMs: number;
}

export interface Apart {
  /** Of the shortest part, 0 to 1. */
  readonly share: number;
  /** From the first start to the last, milliseconds. */
  readonly startsMs: number;
}

/** How far apart they were; undefined when they were together. A part that had nothing to do has no time. */
export function apartOf(stretches: readonly Stretch[]): Apart | undefined {
  const busy = stretches.filter(({ durationMs }) => durationMs > 0);
  if (busy.length < 2) return undefined;
  const shortestMs = Math.min(...busy.map(({ durationMs }) => durationMs));
  const lastStartMs = Math.max(...busy.map(({ fromMs }) => fromMs));
  const startsMs = lastStartMs - Math.min(...busy.map(({ fromMs }) => fromMs));
  const firstEndMs = Math.min(...busy.map(({ fromMs, durationMs }) => fromMs + durationMs));
  const share = Math.max(0, firstEndMs - lastStartMs) / shortestMs;
  return share >= leastOverlap || startsMs <= oneStartMs ? undefined : { share, startsMs };
}
