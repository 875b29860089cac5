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
  /** Rounds that were played and not kept. */
  leftOut: number;
}

/** Rounds of a probe that came through a load and are kept at most, and as many that did not: an hour and a half, one each 5 s. */
export const mostRounds = 1_000;

/**
 * Rounds in their order, bounded however long a load lasts. Where there are too many, every second one that came through
 * goes, and so on: what is kept is spread evenly over the whole time, and no value decides. One that failed is kept.
 */
export class KeptRounds<Round extends { readonly failure?: string }> {
  #kept: { readonly at: number; readonly round: Round }[] = [];
  #played = 0;
  #failed = 0;
  /** Of those that come through, one in so many is kept. */
  #stride = 1;

  add(round: Round): void {
    const at = this.#played;
    this.#played += 1;
    if (round.failure !== undefined) this.#failed += 1;
    if (round.failure === undefined ? at % this.#stride !== 0 : this.#failed > mostRounds) return;
    this.#kept.push({ at, round });
    while (this.#kept.length - Math.min(this.#failed, mostRounds) > mostRounds) this.#thinOut();
  }

  get rounds(): readonly Round[] {
    return this.#kept.map(({ round }) => round);
  }

  get leftOut(): number {
    return this.#played - this.#kept.length;
  }

  #thinOut(): void {
    this.#stride *= 2;
    this.#kept = this.#kept.filter(({ at, round }) => round.failure !== undefined || at % this.#stride === 0);
  }
}

export function emptyProbe(everyMs: number): ProbeData {
  return { everyMs, rounds: [], leftOut: 0 };
}

/** Rounds of another segment, so many milliseconds later. */
export function addProbe(into: ProbeData, from: ProbeData, laterMs = 0): void {
  for (const round of from.rounds) into.rounds.push({ ...round, atMs: round.atMs + laterMs });
  into.leftOut += from.leftOut;
}
