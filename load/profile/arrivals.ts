/**
 * Open models: starts that come from a clock, whatever the server does. Evenly spaced, so that a run can be repeated,
 * or as a Poisson process, which is how strangers arrive.
 */
import { throwProblems } from '../options-error.ts';
import {
  describeRate,
  type Duration,
  durationMsOf,
  durationProblem,
  formatDuration,
  parseRate,
  type RateText,
  show,
} from '../measure/units.ts';
import { areaOf, type Curve, momentsOfAreas, startsOf } from './curve.ts';
import { type ArrivalsPart, type DrawnArrivals, flat, Profile, type Share, wholeShare } from './profile.ts';
import { exponentialGap, seededRandom } from '../random.ts';
import { readStages, type Stage } from './stages.ts';

/** How starts are spread within their rate. */
export interface ArrivalOptions {
  /** `uniform`: evenly spaced, so that a run can be repeated. `poisson`: as strangers arrive, exponential gaps. */
  readonly distribution?: 'uniform' | 'poisson';
  /** A whole number; the same seed draws the same arrivals. */
  readonly seed?: number;
}

export const defaultArrivalOptions: Required<ArrivalOptions> = { distribution: 'uniform', seed: 1 };

/** A rate, of which is to be said how long it is held. */
export interface ArrivalsBuilder {
  /** Throws an `OptionsError` for what is no rate or no duration above 0. */
  for(duration: Duration): Profile;
}

function arrivalsAt(rate: RateText, options: ArrivalOptions = {}): ArrivalsBuilder {
  return {
    for: (duration) => {
      const perSec = perSecondOf(rate);
      const ms = durationMsOf(duration);
      throwProblems([
        ...(typeof perSec === 'string' ? [`\`rate\` ${perSec}`] : []),
        ...(ms === undefined
          ? [durationProblem('for', duration)]
          : ms <= 0
            ? ['`for` must be longer than nothing']
            : []),
        ...optionProblems(options),
      ]);
      return profileOf(
        flat(typeof perSec === 'number' ? perSec : 0, ms ?? 0),
        options,
        `${describeRate(parseRate(rate))} for ${formatDuration(ms ?? 0)}`,
      );
    },
  };
}

/** Rates in stages, from `from` on. Due times follow the area under the curve. */
function ramp(
  stages: readonly Stage<RateText>[],
  { from = '0/s', ...options }: ArrivalOptions & { readonly from?: RateText } = {},
): Profile {
  const start = levelOf(from);
  const { curve, words, problems } = readStages({
    stages,
    from: typeof start === 'number' ? start : 0,
    option: 'arrivals.ramp',
    read: levelOf,
    format: String,
  });
  const nothing =
    problems.length === 0 && startsOf(curve).count === 0
      ? ['`arrivals.ramp` starts nothing: its rates add up to less than one start']
      : [];
  throwProblems([
    ...(typeof start === 'string' ? [`\`from\` ${start}`] : []),
    ...problems,
    ...nothing,
    ...optionProblems(options),
  ]);
  return profileOf(curve, options, `${from} ${words}`);
}

function profileOf(curve: Curve, options: ArrivalOptions, words: string): Profile {
  const { distribution, seed } = { ...defaultArrivalOptions, ...options };
  const drawn = distribution === 'poisson' ? `, poisson (seed ${seed})` : '';
  return new Profile([{ kind: 'arrivals', curve, distribution, seed }], `${words}${drawn}`);
}

/** More starts a second than one process can send would only fill its memory. */
const mostPerSec = 1_000_000;

function levelOf(rate: RateText): number | string {
  try {
    const { count, perMs } = parseRate(rate);
    const perSec = (count * 1_000) / perMs;
    return perSec <= mostPerSec ? perSec : `must be at most ${mostPerSec}/s, got ${show(rate)}`;
  } catch {
    return `must be a rate such as \`500/s\` or \`30/m\`, got ${show(rate)}`;
  }
}

function perSecondOf(rate: RateText): number | string {
  const level = levelOf(rate);
  return level === 0 ? `must be above 0, got ${show(rate)}` : level;
}

function optionProblems({ distribution, seed }: ArrivalOptions): string[] {
  return [
    ...(distribution !== undefined && !['uniform', 'poisson'].includes(distribution)
      ? [`\`distribution\` must be \`uniform\` or \`poisson\`, got ${show(distribution)}`]
      : []),
    ...(seed !== undefined && !Number.isInteger(seed) ? [`\`seed\` must be a whole number, got ${show(seed)}`] : []),
  ];
}

/**
 * When each start of the part is due, in milliseconds from its beginning; of a share, every so-many-th of the whole.
 * Start i is due when the area under the rate reaches i. The first is due at 0, as k6's constant rate has it, unless
 * the rate itself begins at 0: then the first is due when the area reaches 1, as in k6's ramp.
 */
export function* dueTimes(part: ArrivalsPart, { index, of }: Share = wholeShare): Generator<number> {
  if (part.distribution === 'listed') {
    const { dueMs } = part.timetable;
    for (let at = index; at < dueMs.length; at += of) yield dueMs[at] ?? 0;
    return;
  }
  let n = 0;
  for (const dueMs of momentsOfAreas(
    part.curve,
    part.distribution === 'poisson' ? poissonAreas(part) : wholeAreas(part.curve),
  )) {
    if (n % of === index) yield dueMs;
    n += 1;
  }
}

function* wholeAreas(curve: Curve): Generator<number> {
  const { first, count } = startsOf(curve);
  for (let n = 0; n < count; n++) yield first + n;
}

/** Areas under the rate at which strangers arrive, drawn with the part's seed. */
export function* poissonAreas({ curve, seed }: DrawnArrivals): Generator<number> {
  const random = seededRandom(seed);
  const total = areaOf(curve);
  for (let area = exponentialGap(random); area < total; area += exponentialGap(random)) yield area;
}

/**
 * Open model: iterations start by a clock, whatever the server does, so its queue shows in the response time. k6 calls
 * it an arrival rate. A constant rate has its first start at 0.
 *
 * @example
 * arrivals('500/s').for('5m');
 * arrivals('500/s', { distribution: 'poisson', seed: 7 }).for('5m');
 * arrivals.ramp([{ to: '500/s', over: '1m' }, { hold: '5m' }], { from: '50/s' });
 */
export const arrivals: typeof arrivalsAt & {
  /**
   * Rates in stages, from `from` on (`0/s` by default): k6's `ramping-arrival-rate`. Start i is due when the area under
   * the rate reaches i. Throws an `OptionsError` for stages that start nothing.
   */
  readonly ramp: typeof ramp;
} = Object.assign(arrivalsAt, { ramp });
