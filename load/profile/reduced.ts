/** Profiles made smaller: played once, or with a share of their users, rates and counts, or for another time. */
import { formatDuration } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import { areaOf, type Curve, endMsOf, peakOf, startsOf } from './curve.ts';
import { mostStarts } from './replay/timetable.ts';
import { flat, type ListedArrivals, type Part, partDurationMs, Profile } from './profile.ts';
import { mostAtOnce } from './whole-number.ts';

/** One user, so many iterations one after the other, and no pause; in the words and of the model of the profile. */
export function playedOnce(profile: Profile, iterations: number): Profile {
  const part = {
    kind: 'users',
    curve: flat(1, 1),
    timed: false,
    iterations: { kind: 'perUser', count: iterations },
  } as const;
  return new Profile([part], `once: ${profile.describe()}`, profile.model);
}

export interface Shrink {
  /** Of users, rates and counts. */
  readonly scale: number;
  /** In place of the profile's own; undefined leaves it. */
  readonly durationMs: number | undefined;
}

/** A profile made smaller, with what that does to what is counted in it, as far as it is exact. */
export interface ShrunkProfile {
  readonly profile: Profile;
  /** How much longer it takes; 1 where it only counts. */
  readonly stretch: number;
  /** Iterations in all, as a share of those of the profile as it was; undefined where time or the server decides. */
  readonly countFactor?: number;
  /** Likewise, of iterations a second. */
  readonly rateFactor?: number;
}

/** Throws an `OptionsError` where the whole would be more than one process can hold. */
export function shrunk(profile: Profile, { scale, durationMs }: Shrink): ShrunkProfile {
  const timedMs = profile.parts.reduce((sum, part) => sum + (timeOf(part) ?? 0), 0);
  const stretch = durationMs === undefined || timedMs === 0 ? 1 : durationMs / timedMs;
  refuseTooLong(profile, { scale, durationMs, stretch });
  const parts = profile.parts.map((part) =>
    isListed(part) ? resized(part, { length: stretch, rate: scale }) : scaled(stretched(part, stretch), scale),
  );
  const smaller = new Profile(
    atLeastOneStart(parts),
    [profile.describe(), ...wordsOf({ scale, durationMs, timedMs, rounded: isRounded(profile, parts, scale) })].join(
      ', ',
    ),
    profile.model,
  );
  if (smaller.peak > (profile.model === 'open' ? mostPerSec : mostAtOnce))
    throw tooMuch(profile, [`LOAD_SCALE=${scale}`]);
  const [before, after] = [profile.total, smaller.total];
  const rateFactor = profile.model === 'open' || scale === 1 ? scale : undefined;
  return {
    profile: smaller,
    stretch,
    ...(before !== undefined && after !== undefined && { countFactor: after / before }),
    ...(rateFactor !== undefined && { rateFactor }),
  };
}

const mostPerSec = 1_000_000;

/** Before a list of starts is made that memory has no room for. */
function refuseTooLong(profile: Profile, { scale, durationMs, stretch }: Shrink & { readonly stretch: number }): void {
  const starts = profile.parts.reduce((sum, part) => sum + (isListed(part) ? part.timetable.rows.length : 0), 0);
  if (starts * stretch * scale <= Math.max(mostStarts, starts)) return;
  throw tooMuch(profile, [
    ...(scale > 1 ? [`LOAD_SCALE=${scale}`] : []),
    ...(durationMs !== undefined && stretch > 1 ? [`LOAD_DURATION=${formatDuration(durationMs)}`] : []),
  ]);
}

function tooMuch(profile: Profile, said: readonly string[]): OptionsError {
  const what = `${said.map((each) => `\`${each}\``).join(' and ')} make${said.length === 1 ? 's' : ''}`;
  return new OptionsError([`${what} more of \`${profile.describe()}\` than one process can hold: say a smaller one`]);
}

/** Rounds have a time too, after which they end at the earliest. */
function timeOf(part: Part): number | undefined {
  return part.kind === 'users' && part.timed ? endMsOf(part.curve) : partDurationMs(part);
}

/** What follows from numbers, not from a list. */
type DrawnPart = Exclude<Part, ListedArrivals>;

function stretched(part: DrawnPart, by: number): DrawnPart {
  if (timeOf(part) === undefined || part.kind === 'batches') return part;
  return { ...part, curve: part.curve.map(({ atMs, value }) => ({ atMs: atMs * by, value })) };
}

function isListed(part: Part): part is ListedArrivals {
  return part.kind === 'arrivals' && part.distribution === 'listed';
}

/** Of a log: its curve follows from what is left of it. */
function resized(part: ListedArrivals, by: { readonly length: number; readonly rate: number }): ListedArrivals {
  if (by.length === 1 && by.rate === 1) return part;
  const timetable = part.timetable.resized(by);
  return { ...part, timetable, curve: timetable.curve };
}

function scaled(part: DrawnPart, by: number): DrawnPart {
  switch (part.kind) {
    case 'arrivals':
      return { ...part, curve: part.curve.map(({ atMs, value }) => ({ atMs, value: value * by })) };
    case 'batches':
      return { ...part, size: some(part.size * by) };
    case 'users': {
      const { iterations } = part;
      const curve = part.curve.map(({ atMs, value }) => ({ atMs, value: value === 0 ? 0 : some(value * by) }));
      if (iterations === undefined || iterations.kind === 'perUser') return { ...part, curve }; // fewer users, each as busy
      const count = some(iterations.count * by);
      return {
        ...part,
        curve: iterations.kind === 'atLeast' ? part.curve : curve,
        iterations: { ...iterations, count },
      };
    }
  }
}

function some(count: number): number {
  return Math.max(1, Math.round(count));
}

/** A rate so low that nothing would start has its first start at the end. */
function atLeastOneStart(parts: readonly Part[]): Part[] {
  return parts.map((part) => {
    if (part.kind !== 'arrivals' || isListed(part) || startsOf(part.curve).count > 0) return part;
    const area = areaOf(part.curve);
    return { ...part, curve: raised(part.curve, 1 / area) };
  });
}

function raised(curve: Curve, by: number): Curve {
  return curve.map(({ atMs, value }) => ({ atMs, value: value * by }));
}

/** Whether something of which there would be less than one is one. */
function isRounded({ parts }: Profile, smaller: readonly Part[], scale: number): boolean {
  return parts.some((part, at) => {
    const now = smaller[at];
    if (part.kind === 'batches') return part.size * scale < 1;
    if (isListed(part)) return part.timetable.rows.length * scale < 1;
    if (part.kind === 'arrivals') return now?.kind === 'arrivals' && startsOf(now.curve).count === 0;
    const { iterations } = part;
    const fewer = iterations?.kind === 'perUser' || iterations === undefined ? 1 : iterations.count * scale;
    return fewer < 1 || (iterations?.kind !== 'atLeast' && peakOf(part.curve) * scale < 1);
  });
}

function wordsOf({
  scale,
  durationMs,
  timedMs,
  rounded,
}: Shrink & { readonly timedMs: number; readonly rounded: boolean }): string[] {
  return [
    ...(scale === 1 ? [] : [`scaled by ${scale}${rounded ? ', rounded up to one' : ''}`]),
    ...(durationMs === undefined || durationMs === timedMs
      ? []
      : timedMs === 0
        ? ['not shortened, since it counts']
        : [`in ${formatDuration(durationMs)}`]),
  ];
}
