/** What is asked of a comparison, and what is wrong with it. */
import {
  type ComparedMetric,
  comparedMetrics,
  type ComparisonOptions,
  defaultTolerances,
} from '../analysis/comparison.ts';
import { defaultPairedOptions } from '../analysis/paired-comparison.ts';
import {
  type Duration,
  durationMsOf,
  durationProblem,
  type Percent,
  type RateText,
  shareOf,
  show,
} from '../measure/units.ts';
import { OptionsError, throwProblems, unknownOptions } from '../options-error.ts';
import { arrivals } from '../profile/arrivals.ts';
import { Profile } from '../profile/profile.ts';
import { wholeNumber } from '../profile/whole-number.ts';

/** A server: its address, as `baseURL` of `use` says it, with a name where reports are to show one. */
export type ComparedServer =
  | string
  | {
      /** Paths of the scenario are resolved against it. */
      readonly baseURL: string;
      /** As reports show it: `main`, `this branch`. */
      readonly name: string;
    };

/** What is compared with what, and how closely. */
export type ComparisonQuestion = {
  /** The server as it was. */
  readonly a: ComparedServer;
  /**
   * The server as it is now. The same address as `a` compares a server with itself, which shows the noise of the
   * machine.
   */
  readonly b: ComparedServer;
  /** Pairs of blocks, one on each server. Where so many leave it open, they are doubled once. A whole number from 7. */
  readonly pairs?: number;
  /** Latencies compared: response time in an open model, service time in a closed one. */
  readonly metrics?: readonly ComparedMetric[];
  /**
   * Slower by up to so much is no regression: of all latencies, or of each. `errors` is how many more of its requests `b`
   * may lose than `a`, in percent of those due, and how many `a` may lose.
   */
  readonly tolerance?: Percent | Readonly<Partial<Record<ComparedMetric | 'errors', Percent>>>;
  /** Slower by up to so long is no regression either. */
  readonly floor?: Duration;
  /** Whether a test fails that can't tell the two apart from a regression even with twice the pairs. */
  readonly failOnInconclusive?: boolean;
  /** Tells several comparisons of one test apart. */
  readonly name?: string;
} & (
  | {
      /** Arrivals per second in each block. */
      readonly rate: RateText;
      /** Length of a block. */
      readonly block?: Duration;
      /** Says both in place of them. */
      readonly profile?: never;
    }
  | {
      /** The load of one block. It has to say how long it takes. */
      readonly profile: Profile;
      /** Is in the profile. */
      readonly rate?: never;
      /** Is in the profile. */
      readonly block?: never;
    }
);

/** What holds for a comparison that does not say otherwise. */
export const defaultComparison = {
  pairs: 10,
  block: '3s',
  metrics: ['p50', 'p95'],
  errors: 0.01,
  /** Of each block, for its connections; each server is warmed by a whole block before. */
  warmUp: '500ms',
} as const;

/** Below it no interval of the confidence of two looks can be had. */
const fewestPairs = 7;
const mostPairs = 100;
/** Two looks at the same pairs, with a chance of error of 5 % in all (Bonferroni). */
const confidence = 0.975;
const shortestBlockMs = 1_000;

export interface ComparedSide {
  readonly side: 'a' | 'b';
  readonly name: string;
  readonly baseURL: string;
  readonly origin: string;
}

export interface AskedComparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly isSameServer: boolean;
  readonly pairs: number;
  readonly profile: Profile;
  readonly options: ComparisonOptions;
  readonly failOnInconclusive: boolean;
  readonly name: string | undefined;
}

const known = {
  a: true,
  b: true,
  pairs: true,
  metrics: true,
  tolerance: true,
  floor: true,
  failOnInconclusive: true,
  name: true,
  rate: true,
  block: true,
  profile: true,
} as const satisfies Record<keyof ComparisonQuestion, true>;

/** Throws an `OptionsError` for all that is wrong with the question itself. */
export function readComparison(question: ComparisonQuestion): AskedComparison {
  const problems = unknownOptions('load.compare', question, known);
  const a = sideOf('a', question.a, problems);
  const b = sideOf('b', question.b, problems);
  if (a.name === b.name) problems.push(`\`a\` and \`b\` need names of their own, got ${show(a.name)} twice`);
  const pairs = wholeNumber(question.pairs ?? defaultComparison.pairs, fewestPairs, mostPairs);
  if (typeof pairs === 'string') problems.push(`\`pairs\` ${pairs}`);
  const floor = question.floor ?? defaultPairedOptions.floor;
  if (durationMsOf(floor) === undefined) problems.push(durationProblem('floor', floor));
  const { failOnInconclusive = false } = question;
  if (typeof failOnInconclusive !== 'boolean')
    problems.push(`\`failOnInconclusive\` must be true or false, got ${show(failOnInconclusive)}`);
  const tolerances = tolerancesOf(question, problems);
  const profile = profileOf(question, problems);
  throwProblems([...new Set(problems)]);
  if (typeof pairs === 'string' || profile === undefined) throw new Error('what is wrong with a question was thrown');
  return {
    a,
    b,
    isSameServer: new URL(a.baseURL).href === new URL(b.baseURL).href,
    pairs,
    profile,
    options: { ...tolerances, floor, confidence },
    failOnInconclusive,
    name: question.name,
  };
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

function sideOf(side: 'a' | 'b', given: unknown, problems: string[]): ComparedSide {
  const { baseURL, name = side }: { readonly baseURL?: unknown; readonly name?: unknown } = isObject(given)
    ? given
    : { baseURL: given };
  const url = typeof baseURL === 'string' && URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    problems.push(
      `\`${side}\` is the address of a server such as "http://127.0.0.1:8002", or \`{ baseURL, name }\`, got ${show(given)}`,
    );
  if (typeof name !== 'string' || name.trim() === '')
    problems.push(`\`${side}.name\` must be some words, got ${show(name)}`);
  return { side, name: String(name), baseURL: url === undefined ? '' : String(baseURL), origin: url?.origin ?? '' };
}

function tolerancesOf(
  { metrics = defaultComparison.metrics, tolerance }: ComparisonQuestion,
  problems: string[],
): Pick<ComparisonOptions, 'tolerances' | 'lost'> {
  const isKnown = (metric: unknown): metric is ComparedMetric =>
    (comparedMetrics as readonly unknown[]).includes(metric);
  const all: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const chosen = [...new Set(all.filter(isKnown))];
  if (chosen.length === 0 || chosen.length !== all.length)
    problems.push(`\`metrics\` are some of ${comparedMetrics.join(', ')}, each once, got ${show(metrics)}`);
  const given: readonly (readonly [metric: string, percent: unknown])[] = isObject(tolerance)
    ? Object.entries(tolerance)
    : tolerance === undefined
      ? []
      : chosen.map((metric) => [metric, tolerance]);
  const shares = new Map<string, number>();
  for (const [metric, percent] of given) {
    const share = shareOf(String(percent));
    if (share === undefined) problems.push(`\`tolerance\` is a share such as \`10%\`, got ${show(percent)}`);
    else if (metric !== 'errors' && !chosen.some((each) => each === metric))
      problems.push(
        `\`tolerance\` speaks of ${show(metric)}, which is not compared: that are errors, ${chosen.join(', ')}`,
      );
    else shares.set(metric, share);
  }
  return {
    tolerances: chosen.map((metric) => ({ metric, tolerance: shares.get(metric) ?? defaultTolerances[metric] })),
    lost: shares.get('errors') ?? defaultComparison.errors,
  };
}

/** Of one block. Undefined where something is wrong with it. */
function profileOf(question: ComparisonQuestion, problems: string[]): Profile | undefined {
  const { profile, rate, block }: { readonly profile?: unknown; readonly rate?: RateText; readonly block?: Duration } =
    question;
  if (profile === undefined) return arrivalsOf(rate, block ?? defaultComparison.block, problems);
  if (rate !== undefined || block !== undefined)
    problems.push('`profile` is the load of a block as a whole: `rate` and `block` have no place beside it');
  if (!(profile instanceof Profile)) {
    problems.push(`\`profile\` must be one such as \`users(10).for("3s")\`, got ${show(profile)}`);
    return undefined;
  }
  if (profile.durationMs === undefined)
    problems.push(
      `\`${profile.describe()}\` only counts, and does not say how long a block is: say it by time, such as \`users(10).for("3s")\``,
    );
  else if (profile.durationMs < shortestBlockMs)
    problems.push(`a block must be at least 1s, got \`${profile.describe()}\``);
  return profile;
}

function arrivalsOf(rate: RateText | undefined, block: Duration, problems: string[]): Profile | undefined {
  if (rate === undefined) {
    problems.push('say the load of a block: `rate`, such as "100/s", or `profile`, such as `users(10).for("3s")`');
    return undefined;
  }
  const ms = durationMsOf(block);
  if (ms === undefined) problems.push(durationProblem('block', block));
  else if (ms < shortestBlockMs) problems.push(`\`block\` must be at least 1s, got ${show(block)}`);
  try {
    return arrivals(rate).for(ms === undefined || ms <= 0 ? defaultComparison.block : block);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
