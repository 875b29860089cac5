/**
 * `load.breakingPoint`: the level of load, a rate or a number of users, up to which a server keeps its SLO, found by steps
 * of load: a ramp, bisection, confirmation. The bracket of the last level that held and the first that did not is the
 * answer, and its interval.
 */
import { type BreakingPoint, describeBreakingPoint, formatLevel, type LevelOf } from '../analysis/breaking-point.ts';
import { type BreakingPointOptions, breakingPointSearch, type StepPurpose } from '../analysis/breaking-point-search.ts';
import { defaultObjective, type StepOutcome, type StepPromise } from '../analysis/load-step.ts';
import { fitScalabilityLaw, type ScalabilityLaw } from '../analysis/scalability-law.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import type { Finding, FindingVerdict } from '../measure/finding.ts';
import { type Duration, durationMsOf, durationProblem, parseRate, type RateText, show } from '../measure/units.ts';
import { OptionsError, throwProblems, unknownOptions } from '../options-error.ts';
import { arrivals } from '../profile/arrivals.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { goodputOf, requestLimits } from '../verdict/goodput.ts';
import type { RunLimits } from '../verdict/limits.ts';
import { mainErrorOf } from '../verdict/main-error.ts';
import { parseLimits, wholeRun } from '../verdict/parse-limits.ts';
import { speaksOfErrors } from '../verdict/missed-promises.ts';
import { capacityChart, type CapacityStep, capacityStep, capacityTable, scalingPoints } from './capacity-steps.ts';
import { indexesOf, type Laboratory, onceTold, partName, stepTitle, type Subject, told } from './experiment.ts';
import { outcomeOf, tooFew } from './step-outcome.ts';

/** What is asked of the search. A level is a rate, `'50/s'`, or with `of: 'users'` a number of users. */
export type BreakingPointQuestion = {
  /**
   * What each level is held against. Where it says nothing of errors, 1 % may fail. Beside it nothing may be left over: 98 %
   * of what was due is answered within the step, and an open model's second half takes no longer than 1.5 times its first.
   */
  readonly slo: RunLimits;
  /** Measured length of a step. */
  readonly step?: Duration;
  /** Tells several searches of one test apart. */
  readonly name?: string;
} & Partial<Pick<BreakingPointOptions, 'growth' | 'tolerance' | 'confirmations' | 'maxSteps'>> &
  (
    | {
        /** What a level counts: arrivals per second. */
        readonly of?: 'rate';
        /** First level tried. */
        readonly from: RateText;
        /** Highest level tried. */
        readonly to: RateText;
        /** What has to be sustained, or the test fails. Without it the search only answers. */
        readonly atLeast?: RateText;
      }
    | {
        /** What a level counts: users who do not think. */
        readonly of: 'users';
        /** First number of users tried. */
        readonly from: number;
        /** Highest number of users tried. */
        readonly to: number;
        /** What has to be sustained, or the test fails. Without it the search only answers. */
        readonly atLeast?: number;
      }
  );

/** The answer. Levels are per second, or users. */
export interface BreakingPointFound {
  /** `measured` without `atLeast`; `invalid` where nothing could be told. */
  readonly verdict: FindingVerdict;
  /** `sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency`. */
  readonly sentence: string;
  /** The highest level that held. Absent when none did. */
  readonly sustained?: number;
  /** The lowest level that did not. Absent when none was found. */
  readonly failed?: number;
  /** What broke first, or gave out first. Absent where nothing did. */
  readonly limitedBy?: StepPromise | 'generator' | 'server';
  /** How the search ended, in full. */
  readonly point: BreakingPoint;
  /** The capacity table, in the order in which the steps were run. */
  readonly steps: readonly CapacityStep[];
  /** The Universal Scalability Law fitted to the steps, or why it can't be. */
  readonly law: ScalabilityLaw;
  /** One load for each step; one whose numbers say nothing is the last of them, and no step. */
  readonly runs: readonly LoadRun[];
}

export const defaultBreakingPoint = { step: '6s', warmUp: '2s', gracefulStop: '3s', afterBreak: '500ms' } as const;

const known = {
  slo: true,
  of: true,
  from: true,
  to: true,
  atLeast: true,
  step: true,
  name: true,
  growth: true,
  tolerance: true,
  confirmations: true,
  maxSteps: true,
} as const satisfies Record<keyof BreakingPointQuestion, true>;

export async function findBreakingPoint<Row, State, UserRow>(
  laboratory: Laboratory,
  question: BreakingPointQuestion,
  { scenario, options }: Subject<Row, State, UserRow>,
): Promise<BreakingPointFound> {
  const asked = read(question, options.apdex !== undefined && options.apdex !== false);
  const search = breakingPointSearch(asked.search);
  const taken: Taken[] = [];
  const runs: LoadRun[] = [];
  const { of } = asked;
  const words = stepTitle('breaking-point', question.name, search.describe());
  try {
    await laboratory.step(words, async () => {
      for (let next = search.next(); next.kind === 'step'; next = search.next()) {
        const { level, purpose } = next;
        const loadOptions = {
          warmUp: defaultBreakingPoint.warmUp,
          gracefulStop: defaultBreakingPoint.gracefulStop,
          ...options,
          name: partName(question.name, `${purpose} at ${formatLevel(level, of)}`),
          ...(taken.at(-1)?.outcome.kind === 'broken' && { startAfter: defaultBreakingPoint.afterBreak }),
          unjudged: true,
          whenSaturated: 'warn',
        } as const;
        const run = await laboratory.load(profileAt(level, asked), scenario, loadOptions, { isStep: true });
        runs.push(run);
        if (laboratory.once()) {
          partOf(run).data.thresholds.push(...parseLimits(asked.slo, wholeRun(partOf(run).data.plan), 'slo'));
          search.stop(onceTold.sentence);
          continue;
        }
        const outcome = outcomeOf(run, { level, slo: asked.slo, objective: asked.objective });
        if (outcome.kind === 'void') {
          search.stop(`the load at ${formatLevel(level, of)} ${outcome.reason}`);
        } else {
          taken.push({ level, purpose, outcome, run });
          search.report(outcome);
        }
      }
    });
  } catch (error) {
    search.stop(
      `the search was broken off: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    );
    if (taken.length > 0) laboratory.tell(findingOf(answerOf(search.next(), { taken, runs }, asked), asked));
    throw error;
  }
  const answer = told(laboratory, answerOf(search.next(), { taken, runs }, asked));
  laboratory.tell(findingOf(answer, asked));
  return answer;
}

interface Taken {
  readonly level: number;
  readonly purpose: StepPurpose;
  readonly outcome: StepOutcome;
  readonly run: LoadRun;
}

interface Asked {
  readonly of: LevelOf;
  readonly slo: RunLimits;
  readonly step: Duration;
  readonly atLeast: number | undefined;
  readonly name: string | undefined;
  readonly objective: typeof defaultObjective;
  readonly search: Pick<BreakingPointOptions, 'from' | 'to'> & Partial<BreakingPointOptions>;
}

/** Throws an `OptionsError` for all that is wrong with the question. */
function read(question: BreakingPointQuestion, apdexGiven: boolean): Asked {
  const { slo, name, step = defaultBreakingPoint.step } = question;
  const problems = [...unknownOptions('load.breakingPoint', question, known)];
  const of: LevelOf = question.of ?? 'rate';
  if (!levels.includes(of)) problems.push(`\`of\` must be \`rate\` or \`users\`, got ${show(of)}`);
  problems.push(...sloProblems(slo, { model: of === 'users' ? 'closed' : 'open', apdexGiven }));
  const stepMs = typeof step === 'string' ? durationMsOf(step) : undefined;
  if (stepMs === undefined) problems.push(durationProblem('step', step));
  else if (stepMs < 2_000) problems.push(`\`step\` must be at least 2s, to have two halves, got ${show(step)}`);
  const level = (option: 'from' | 'to' | 'atLeast', given: unknown): number => {
    const value = levelOf(given, of);
    if (typeof value === 'string') problems.push(`\`${option}\` ${value}`);
    return typeof value === 'number' ? value : Number.NaN;
  };
  const [from, to] = [level('from', question.from), level('to', question.to)];
  const atLeast = question.atLeast === undefined ? undefined : level('atLeast', question.atLeast);
  if (atLeast !== undefined && atLeast > to)
    problems.push(`\`atLeast\` can't be more than \`to\`, the highest level tried`);
  throwProblems(problems);
  const { growth, tolerance, confirmations, maxSteps } = question;
  return {
    of,
    slo,
    step,
    atLeast,
    name,
    objective: { ...defaultObjective, ...(speaksOfErrors(slo) && { errorRate: 1 }) },
    search: {
      of,
      from,
      to,
      ...(growth !== undefined && { growth }),
      ...(tolerance !== undefined && { tolerance }),
      ...(confirmations !== undefined && { confirmations }),
      ...(maxSteps !== undefined && { maxSteps }),
      ...(atLeast !== undefined && { atLeast }),
    },
  };
}

function sloProblems(
  slo: RunLimits,
  subject: { readonly model: 'open' | 'closed'; readonly apdexGiven: boolean },
): readonly string[] {
  try {
    parseLimits(slo, { scope: { kind: 'run' }, ...subject }, 'slo');
    return [];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return error.problems;
  }
}

const levels: readonly unknown[] = ['rate', 'users'] satisfies LevelOf[];

function levelOf(given: unknown, of: LevelOf): number | string {
  if (of === 'users')
    return typeof given === 'number' && Number.isInteger(given) && given > 0
      ? given
      : `must be a whole number of users above 0, got ${show(given)}`;
  try {
    const { count, perMs } = parseRate(given as string);
    return (count * 1_000) / perMs;
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return `must be a rate such as \`50/s\`, got ${show(given)}; with \`of: 'users'\` levels are numbers`;
  }
}

function profileAt(level: number, { of, step }: Asked): Profile {
  return of === 'rate' ? arrivals(`${level}/s`).for(step) : users(level).for(step);
}

function answerOf(
  end: ReturnType<ReturnType<typeof breakingPointSearch>['next']>,
  { taken, runs }: { readonly taken: readonly Taken[]; readonly runs: readonly LoadRun[] },
  asked: Asked,
): BreakingPointFound {
  if (end.kind !== 'done') throw new Error('a search that was asked for its answer has one');
  const point = end.result;
  const steps = taken.map(({ run, ...judged }) => {
    const goodput = goodputOf(partOf(run), asked.slo);
    return capacityStep(run, { ...judged, ...(goodput !== undefined && { goodputPerSec: goodput.perSec }) });
  });
  const sustained = 'sustains' in point ? point.sustains.level : undefined;
  const failed = 'fails' in point ? point.fails.level : undefined;
  const limitedBy = limitOf(point);
  const runsAt = (level: number | undefined) => taken.filter((each) => each.level === level).map(({ run }) => run);
  const thin = sustained === undefined ? undefined : tooFew(runsAt(sustained));
  const told = verdictOf(point, sustained, asked.atLeast);
  const verdict = told === 'passed' && thin !== undefined ? 'invalid' : told;
  const promise =
    asked.atLeast === undefined ? '' : `; at least ${formatLevel(asked.atLeast, asked.of)} was asked of it`;
  const broken = limitedBy === 'errors' ? runsAt(failed).at(-1) : undefined;
  return {
    verdict,
    sentence: [
      describeBreakingPoint(point, asked.of),
      broken === undefined ? '' : mainErrorOf(partOf(broken).data),
      verdict === 'failed' ? promise : '',
      thin === undefined ? '' : `; ${thin}`,
    ].join(''),
    ...(sustained !== undefined && { sustained }),
    ...(failed !== undefined && { failed }),
    ...(limitedBy !== undefined && { limitedBy }),
    point,
    steps,
    law: fitScalabilityLaw(scalingPoints(steps)),
    runs,
  };
}

function limitOf(point: BreakingPoint): BreakingPointFound['limitedBy'] {
  switch (point.kind) {
    case 'found':
    case 'never-sustained':
      return point.firstBroken[0];
    case 'generator-bound':
      return 'generator';
    case 'stopped':
      return point.because === 'silence' ? 'server' : undefined;
    case 'not-reached':
      return undefined;
  }
}

/**
 * What is known to hold is enough for a promise, save in a search that was broken off: what is not known to fail breaks
 * none.
 */
function verdictOf(point: BreakingPoint, sustained: number | undefined, atLeast: number | undefined): FindingVerdict {
  if (point.kind === 'never-sustained' || (point.kind === 'stopped' && point.because === 'silence')) return 'failed';
  if (point.kind === 'stopped' && point.because === 'told') return 'invalid';
  if (atLeast !== undefined && sustained !== undefined && sustained >= atLeast) return 'passed';
  if (point.kind === 'found') return atLeast === undefined ? 'measured' : 'failed';
  return atLeast === undefined && sustained !== undefined ? 'measured' : 'invalid';
}

function findingOf(found: BreakingPointFound, { of, slo, atLeast, name }: Asked): Finding {
  const { verdict, sentence, sustained, failed, limitedBy, steps, law, runs } = found;
  const [first] = runs;
  const limits = first === undefined ? {} : requestLimits(slo, partOf(first).data);
  const limitMs = limits.responseTime ?? limits.serviceTime;
  return {
    kind: 'breaking-point',
    ...(name !== undefined && { name }),
    verdict,
    sentence,
    figures: {
      of,
      ...levelFigure('sustained', sustained, of),
      ...levelFigure('breaksAt', failed, of),
      ...(limitedBy !== undefined && { limitedBy }),
      ...levelFigure('atLeast', atLeast, of),
      steps: steps.length,
      ...(law.kind === 'fitted' && {
        uslLambdaPerSec: law.lambda,
        uslSigma: law.sigma,
        uslKappa: law.kappa,
        uslPeakInFlight: law.peakInFlight,
        uslPeakPerSec: law.peakThroughputPerSec,
      }),
      ...(law.kind !== 'fitted' && { usl: `${law.kind}: ${law.reason}` }),
    },
    runs: indexesOf(runs),
    folds: true,
    table: capacityTable(steps, of),
    chart: capacityChart(steps, of, {
      ...(sustained !== undefined && { sustained }),
      ...(failed !== undefined && { failed }),
      ...(limitMs !== undefined && { limitMs }),
    }),
  };
}

/** A rate and a number of users are two figures, each with its unit. */
function levelFigure(name: string, level: number | undefined, of: Asked['of']): Finding['figures'] {
  return level === undefined ? {} : { [`${name}${of === 'rate' ? 'PerSec' : 'Users'}`]: level };
}
