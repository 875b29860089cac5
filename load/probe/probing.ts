/**
 * When the rounds of a probe are: idle ones before the loads, then one every so often while any load runs. Each round is
 * filed to every load in whose measured part it began. Rounds never overlap, nor do those of several probes; one that is
 * late is begun as soon as the last ends.
 */
import { emptyProbe, KeptRounds, type ProbeData, type ProbeRound } from '../measure/probe-data.ts';
import { statsOf } from '../measure/probe-summary.ts';
import type { Clock } from '../run/clock.ts';
import { type PlayedRound, placed } from './round.ts';
import type { Turns } from './turns.ts';

/** A load that a page is looked at beside. */
export interface ProbedLoad {
  /** Where its measured part begins, on the clock of the run; its warm-up is neither idle nor under load. */
  readonly zeroMs: number;
  /** Where its profile ends, if it says so. */
  readonly plannedEndMs: number | undefined;
  /** Aborted when nobody waits for its rounds any more. */
  readonly signal: AbortSignal;
}

/** Where no round is due any more, there is another look after so long, should nobody say that the load is over. */
const longestSleepMs = 60_000;

interface Beside extends ProbedLoad {
  readonly kept: KeptRounds<PlayedRound>;
  /** Whether it has had one. */
  hasRounds: boolean;
}

export interface ProbingParts {
  readonly everyMs: number;
  readonly clock: Clock;
  /** Plays a round, which comes to an end by itself. Never rejects. */
  readonly play: (phase: ProbeRound['phase']) => Promise<PlayedRound>;
  /** Plays when no other probe does: its page would be in the figures of this one. */
  readonly turns: Turns;
  /** Loads are played once: each has one round, whenever it ends. */
  readonly isOnce: boolean;
}

export class Probing {
  readonly #parts: ProbingParts;
  readonly #idle: PlayedRound[] = [];
  readonly #loads = new Set<Beside>();
  #loop: Promise<void> | undefined;
  #wake = new AbortController();
  #lastBeganMs = -Infinity;
  /** The round that is played, and whose it is. */
  #now: { readonly over: Promise<void>; readonly of: readonly Beside[] } | undefined;

  constructor(parts: ProbingParts) {
    this.#parts = parts;
  }

  /** One before them warms the caches, and is in no figure unless it failed. */
  async idle(count: number): Promise<void> {
    const { isOnce, turns } = this.#parts;
    const play = async () => turns.take(async () => this.#parts.play('idle'));
    if (!isOnce) {
      const warmUp = await play();
      if (warmUp.failure !== undefined) this.#idle.push(warmUp);
    }
    for (let at = 0; at < (isOnce ? 1 : count); at += 1) this.#idle.push(await play());
  }

  /** The rounds before any load. */
  get idleRounds(): readonly PlayedRound[] {
    return this.#idle;
  }

  /** From now on the load may have rounds. Returns what ends that, and resolves with all rounds on its axis. */
  begin(load: ProbedLoad): (endedAtMs: number) => Promise<ProbeData> {
    const beside: Beside = { ...load, kept: new KeptRounds(), hasRounds: false };
    this.#loads.add(beside);
    this.#wake.abort();
    this.#loop ??= this.#goOn();
    return async (endedAtMs) => this.#end(beside, endedAtMs);
  }

  async #end(beside: Beside, endedAtMs: number): Promise<ProbeData> {
    this.#loads.delete(beside);
    this.#wake.abort();
    await this.#lastRound(beside);
    if (this.#parts.isOnce && !beside.hasRounds && !beside.signal.aborted) await this.#round([beside]);
    return this.#dataOf(beside, endedAtMs);
  }

  /** One that is under way is finished, unless nobody waits for it. */
  async #lastRound(beside: Beside): Promise<void> {
    const now = this.#now;
    if (now?.of.includes(beside) !== true || beside.signal.aborted) return;
    const given = new AbortController();
    const unasked = new Promise<void>((resolve) =>
      beside.signal.addEventListener('abort', () => resolve(), { signal: given.signal }),
    );
    await Promise.race([now.over, unasked]);
    given.abort();
  }

  async #goOn(): Promise<void> {
    while (this.#loads.size > 0) {
      this.#wake = new AbortController();
      const latestMs = this.#parts.clock.now() + longestSleepMs;
      await this.#parts.clock.sleepUntil(Math.min(latestMs, this.#dueMs()), this.#wake.signal);
      const of = [...this.#loads].filter(({ zeroMs }) => zeroMs <= this.#parts.clock.now());
      if (of.length > 0 && this.#dueMs() <= this.#parts.clock.now()) await this.#round(of);
    }
    this.#loop = undefined;
  }

  /** The first of a load is due at its start; later ones only where so much of it is left as they take. */
  #dueMs(): number {
    const nextMs = this.#lastBeganMs + this.#parts.everyMs;
    const dues = [...this.#loads].map(({ zeroMs, plannedEndMs = Infinity, hasRounds, kept }) => {
      if (!hasRounds) return zeroMs;
      const isLeft = Math.max(nextMs, this.#parts.clock.now()) + this.#usualMs(kept.rounds) <= plannedEndMs;
      return isLeft && !this.#parts.isOnce ? nextMs : Infinity;
    });
    return Math.min(Infinity, ...dues);
  }

  async #round(of: readonly Beside[]): Promise<void> {
    const { clock, play, isOnce, turns } = this.#parts;
    const over = turns.take(async () => {
      if (!isOnce && of.every((load) => !this.#loads.has(load))) return; // they have ended before its turn
      this.#lastBeganMs = clock.now();
      const round = await play('load');
      for (const load of of) {
        load.kept.add(round);
        load.hasRounds = true;
      }
    });
    this.#now = { over, of };
    await over;
    this.#now = undefined;
  }

  /** What a round takes, in milliseconds: idle or so far under this load, whichever is more. */
  #usualMs(underLoad: readonly PlayedRound[]): number {
    return Math.max(medianMs(this.#idle), medianMs(underLoad));
  }

  /**
   * A round counts where as much of the load was left at its begin as rounds usually take, so that it ended with the load or
   * before. Whether it was slow itself does not decide, or the slowest would be left out. One that failed has failed in any case.
   */
  #dataOf({ zeroMs, kept }: Beside, endedAtMs: number): ProbeData {
    const data = emptyProbe(this.#parts.everyMs);
    const usualMs = this.#usualMs(kept.rounds);
    const isUnderLoad = ({ beganAtMs, failure }: PlayedRound) =>
      failure !== undefined || this.#parts.isOnce || beganAtMs + usualMs <= endedAtMs;
    data.rounds.push(...this.#idle.map((round) => placed(round, 'idle', zeroMs)));
    data.rounds.push(...kept.rounds.filter(isUnderLoad).map((round) => placed(round, 'load', zeroMs)));
    return { ...data, leftOut: kept.leftOut };
  }
}

/** Of those that came through; 0 without any. */
function medianMs(rounds: readonly PlayedRound[]): number {
  return statsOf(rounds.flatMap(({ ms, failure }) => (failure === undefined ? [ms] : [])))?.p50 ?? 0;
}
