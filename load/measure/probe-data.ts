/**
 * What a real page showed while a load ran beside it: each round of a probe as it was, since they are few. Moments are
 * those of the load; a round before it is idle.
 *
 * LCP, INP, CLS and TTFB are those of web.dev/vitals, as the package `web-vitals` takes them.
 */

/** The vitals, and their units. */
export const vitals = ['lcp', 'inp', 'cls', 'ttfb'] as const;
/** `lcp`, `inp`, `cls` or `ttfb` (web.dev/vitals). */
export type Vital = (typeof vitals)[number];

/** One look at a page: what its vitals and actions came to. */
export interface ProbeRound {
  /** When it began, in milliseconds of the load's measured part; negative before it. */
  readonly atMs: number;
  /** Whether the load ran meanwhile. */
  readonly phase: 'idle' | 'load';
  /** Milliseconds, but `cls`, which has no unit. Absent where the page had none, as INP without an interaction. */
  readonly vitals: { readonly [name in Vital]?: number };
  /** Of each action, in milliseconds, in their order. */
  readonly actions: Readonly<Record<string, number>>;
  /** The whole round, in milliseconds. */
  readonly ms: number;
  /** Of the control page in the same round: what it took to show, in milliseconds. Absent where it did not come. */
  readonly controlMs?: number;
  /** Why it did not come through, in one line without secrets. */
  readonly failure?: string;
}

export interface ProbeData {
  readonly everyMs: number;
  readonly rounds: ProbeRound[];
  /** Rounds beyond what is kept. */
  leftOut: number;
}

/** Rounds of a probe that are kept at most: an hour and a half, one each 5 s. */
export const mostRounds = 1_000;

export function emptyProbe(everyMs: number): ProbeData {
  return { everyMs, rounds: [], leftOut: 0 };
}

/** Rounds of another segment, so many milliseconds later. */
export function addProbe(into: ProbeData, from: ProbeData, laterMs = 0): void {
  for (const round of from.rounds) keepRound(into, { ...round, atMs: round.atMs + laterMs });
  into.leftOut += from.leftOut;
}

export function keepRound(into: ProbeData, round: ProbeRound): void {
  if (into.rounds.length < mostRounds) into.rounds.push(round);
  else into.leftOut += 1;
}
