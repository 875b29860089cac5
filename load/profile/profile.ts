/**
 * A load profile says when iterations start. It knows no clock and sends nothing, so a test can read a whole run as an
 * array; it prints itself, and knows its own duration and total where they are certain.
 */
import { OptionsError } from '../options-error.ts';
import { formatDuration, formatNumber } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import { type Curve, endMsOf, longestHold, peakOf, piecesOf, startsOf } from './curve.ts';
import type { Pause } from './pause.ts';
import type { Timetable } from './replay/timetable.ts';

/** Users who go round and round until their time or their iterations are used up. */
export interface UsersPart {
  readonly kind: 'users';
  /** Users at work over time; its end is the end of the part, unless iterations end it first. */
  readonly curve: Curve;
  /** Whether the curve's end is meant: a part that only counts iterations has none. */
  readonly timed: boolean;
  /** `shared`: all users take from one heap. `perUser`: each has so many. `atLeast`: so many and the time, whichever is later. */
  readonly iterations?: { readonly kind: 'shared' | 'perUser' | 'atLeast'; readonly count: number };
  readonly pause?: Pause;
  /** Each user's iterations start this far apart, as long as they keep up. */
  readonly paceMs?: number;
}

/** Starts that come from a clock, whatever the server does. */
export type ArrivalsPart = DrawnArrivals | ListedArrivals;

/** Starts that follow from their rate. */
export interface DrawnArrivals {
  readonly kind: 'arrivals';
  /** Starts per second over time. */
  readonly curve: Curve;
  readonly distribution: 'uniform' | 'poisson';
  readonly seed: number;
}

/** Starts at moments of a log, each with its row of data. */
export interface ListedArrivals {
  readonly kind: 'arrivals';
  /** Starts per second over time, in steps: what the list comes to. */
  readonly curve: Curve;
  readonly distribution: 'listed';
  readonly timetable: Timetable;
}

/** Groups that start all at once; the next group waits for its turn and for the last group. */
export interface BatchesPart {
  readonly kind: 'batches';
  readonly count: number;
  readonly size: number;
  readonly everyMs: number;
}

export type Part = UsersPart | ArrivalsPart | BatchesPart;

/** A segment's share of a load: one generator's part of it, of which the shards of a run have one each. */
export interface Share {
  /** Which one, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** A stretch in which the load holds a level or goes from one to another: `0 to 100/s`. */
export interface ProfileStage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: string;
}

/** More have no room for their words. */
const mostStages = 24;

function levelWords(kind: 'users' | 'arrivals', from: number, to: number): string {
  const [low, high] = [from, to].map((level) => formatNumber(level));
  const levels = from === to ? `${high}` : `${low} to ${high}`;
  if (kind === 'arrivals') return `${levels}/s`;
  return `${levels} ${to === 1 && from === to ? 'user' : 'users'}`;
}

export const wholeShare: Share = { index: 0, of: 1 };

/**
 * When each iteration of a load starts: a value that `users`, `arrivals`, `iterations`, `batch`, `batches` and `rounds`
 * make. It prints itself, and knows its own duration and total where they are certain.
 */
export class Profile {
  /** @internal */
  readonly parts: readonly Part[];
  readonly #words: string;
  readonly #model: 'open' | 'closed';

  /** @internal `model` where it is another than that of its parts: of one that stands for another. */
  constructor(parts: readonly Part[], words: string, model = modelOf(parts)) {
    this.parts = parts;
    this.#words = words;
    this.#model = model;
  }

  /** `500/s for 30s`, as it stands in every report. */
  describe(): string {
    return this.#words;
  }

  /** `open`: starts come from a clock. `closed`: the next iteration waits for the last. */
  get model(): 'open' | 'closed' {
    return this.#model;
  }

  /** Whether starts wait for moments: of arrivals, of batches, of users who pause. */
  get isTimed(): boolean {
    return this.parts.some((part) => part.kind !== 'users' || part.pause !== undefined || part.paceMs !== undefined);
  }

  /** Milliseconds from the first start to the end of starting; undefined where the server decides. */
  get durationMs(): number | undefined {
    return this.parts.reduce<number | undefined>((sum, part) => {
      const ms = partDurationMs(part);
      return sum === undefined || ms === undefined ? undefined : sum + ms;
    }, 0);
  }

  /** Iterations in all; undefined where time decides. */
  get total(): number | undefined {
    return this.parts.reduce<number | undefined>((sum, part) => {
      const total = partTotal(part);
      return sum === undefined || total === undefined ? undefined : sum + total;
    }, 0);
  }

  /** Most users at once, or most starts a second: how big a load this is. */
  get peak(): number {
    return Math.max(...this.parts.map((part) => (part.kind === 'batches' ? part.size : peakOf(part.curve))));
  }

  /** Starts per second over the whole profile, as corner points; open model only. */
  get askedRate(): readonly { readonly atMs: number; readonly perSec: number }[] | undefined {
    if (!this.parts.some(({ kind }) => kind === 'arrivals')) return undefined;
    let offsetMs = 0;
    return this.parts.flatMap((part) => {
      if (part.kind !== 'arrivals') return [];
      const points = part.curve.map(({ atMs, value }) => ({ atMs: offsetMs + atMs, perSec: value }));
      offsetMs += endMsOf(part.curve);
      return points;
    });
  }

  /** @internal What it goes through, in words; undefined where it holds one level, or nothing is said of when. */
  get stages(): readonly ProfileStage[] | undefined {
    const stages: ProfileStage[] = [];
    let offsetMs = 0;
    for (const part of this.parts) {
      const ms = partDurationMs(part);
      if (ms === undefined || part.kind === 'batches' || (part.kind === 'arrivals' && part.distribution === 'listed'))
        return undefined;
      for (const { fromMs, toMs, from, to } of piecesOf(part.curve))
        stages.push({ fromMs: offsetMs + fromMs, toMs: offsetMs + toMs, words: levelWords(part.kind, from, to) });
      offsetMs += ms;
    }
    return stages.length > 1 && stages.length <= mostStages ? stages : undefined;
  }

  /** The longest part that holds its level, in milliseconds from the start; undefined where none is certain. */
  get steady(): { readonly fromMs: number; readonly toMs: number } | undefined {
    let offsetMs = 0;
    let longest: { fromMs: number; toMs: number } | undefined;
    for (const part of this.parts) {
      const hold =
        part.kind === 'batches' || (part.kind === 'users' ? !part.timed : part.distribution === 'listed')
          ? undefined
          : longestHold(part.curve);
      if (hold !== undefined && hold.toMs - hold.fromMs > (longest === undefined ? 0 : longest.toMs - longest.fromMs)) {
        longest = { fromMs: offsetMs + hold.fromMs, toMs: offsetMs + hold.toMs };
      }
      const ms = partDurationMs(part);
      if (ms === undefined) break;
      offsetMs += ms;
    }
    return longest;
  }

  /**
   * This, and then that. Throws an `OptionsError` unless both are open or both closed: their latencies mean different
   * things. (Not `then`: that would make it a promise.)
   */
  followedBy(next: Profile): Profile {
    if (next.model !== this.model) {
      throw new OptionsError([
        `\`${this.describe()}\` is ${this.model} and \`${next.describe()}\` is ${next.model}: chain profiles of one kind, or run two loads side by side with \`Promise.all\``,
      ]);
    }
    return new Profile([...this.parts, ...next.parts], `${this.describe()}, then ${next.describe()}`);
  }
}

function modelOf(parts: readonly Part[]): 'open' | 'closed' {
  return parts.some(({ kind }) => kind === 'arrivals') ? 'open' : 'closed';
}

/** Undefined where iterations or the server decide how long it takes. */
export function partDurationMs(part: Part): number | undefined {
  switch (part.kind) {
    case 'arrivals':
      return endMsOf(part.curve);
    case 'users':
      return part.timed && part.iterations?.kind !== 'atLeast' ? endMsOf(part.curve) : undefined;
    case 'batches':
      return undefined;
    default:
      return unreachable(part);
  }
}

function partTotal(part: Part): number | undefined {
  switch (part.kind) {
    case 'arrivals':
      if (part.distribution === 'listed') return part.timetable.rows.length;
      return part.distribution === 'poisson' ? undefined : startsOf(part.curve).count;
    case 'users':
      if (part.timed || part.iterations === undefined) return undefined;
      return part.iterations.kind === 'perUser' ? part.iterations.count * peakOf(part.curve) : part.iterations.count;
    case 'batches':
      return part.count * part.size;
    default:
      return unreachable(part);
  }
}

/** The load of a warm-up before this profile: its level at the start, where that is something, for so long. */
export function warmUpPart(profile: Profile, ms: number): Part {
  const [first] = profile.parts;
  if (first === undefined) throw new Error('a profile has at least one part');
  if (first.kind === 'batches')
    return { kind: 'users', curve: flat(Math.min(first.size, warmUpUsers), ms), timed: true };
  const level = Math.max(piecesOf(first.curve)[0]?.from ?? 0, Math.ceil(peakOf(first.curve) / 10));
  if (first.kind === 'arrivals')
    return first.distribution === 'listed'
      ? { ...first, curve: flat(level, ms), timetable: first.timetable.warmUp(level, ms) }
      : { ...first, curve: flat(level, ms) };
  const { pause, paceMs } = first;
  return {
    kind: 'users',
    curve: flat(level, ms),
    timed: true,
    ...(pause && { pause }),
    ...(paceMs !== undefined && { paceMs }),
  };
}

/** A batch of thousands is warmed up by this many users. */
const warmUpUsers = 20;

export function flat(value: number, ms: number): Curve {
  return [
    { atMs: 0, value },
    { atMs: ms, value },
  ];
}

/** `, thinking 1s to 3s` and the like. */
export function describePauses({ pause, paceMs }: Pick<UsersPart, 'pause' | 'paceMs'>): string {
  return `${pause === undefined ? '' : `, thinking ${pause.describe()}`}${paceMs === undefined ? '' : `, one each ${formatDuration(paceMs)}`}`;
}
