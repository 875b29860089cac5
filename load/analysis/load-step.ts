/**
 * One step of a capacity search: load at a constant level, and whether the server sustained it. "Sustained" is several
 * promises at once; which of them broke first tells what the server ran out of.
 */
import { type Duration, parseDurationMs } from '../measure/units.ts';

/** What came of one step: `run.step(level)`. */
export type LoadStep = {
  /** Arrivals per second, or users, that were asked for. */
  readonly level: number;
  /** Requests due in the measured part. */
  readonly scheduled: number;
  /** How many of them were answered, failures included. */
  readonly completed: number;
  /** Failed or timed out. */
  readonly failed: number;
  /** Response time from the intended start, in a closed model service time; ms. Absent when nothing was answered. */
  readonly p95Ms?: number;
  /**
   * Median response time of the first and of the second half of the step, ms: a backlog makes the second longer. Absent in
   * a closed model, whose users are all there from the beginning.
   */
  readonly halvesMs?: readonly [first: number, second: number];
  /** Promises broken by the limits of an SLO, where the step was held against one. */
  readonly missed?: readonly StepPromise[];
  /** Why the generator's own measurement is not to be trusted. Absent when it is. */
  readonly generatorBound?: string;
  /** 99th percentile of how late the generator started its requests, ms; open model only. */
  readonly lagP99Ms?: number;
};

/** A generator that was late by no more than this share of the latency is not what made it long. */
const ownShare = 0.1;

/** What the server promises at a level that it sustains. */
export type Objective = {
  /** Highest 95th percentile, where the step was not held against an SLO. */
  readonly p95?: Duration;
  /** Highest share of failed requests. */
  readonly errorRate: number;
  /** Lowest share of the scheduled requests that are answered within the step. */
  readonly completedShare: number;
  /** Highest ratio of the second half's median to the first half's. */
  readonly backlogGrowth: number;
};

/** All of an objective but its latency, which only the server's owner knows. */
export const defaultObjective: Omit<Objective, 'p95'> = { errorRate: 0.01, completedShare: 0.98, backlogGrowth: 1.5 };

/**
 * In the order in which they are named when several break in one step. `backlog`: requests were left over, or waited ever
 * longer. `objective`: a limit of the SLO on something else.
 */
export const stepPromises = ['latency', 'errors', 'backlog', 'objective'] as const;
/** What a server can break at a level: its latency, its errors, its backlog, or another objective. */
export type StepPromise = (typeof stepPromises)[number];

/** Whether the server sustained a step. `generator-bound`: it cannot be told. */
export type StepOutcome =
  | { readonly kind: 'sustained' }
  | {
      readonly kind: 'broken';
      /** Every promise that did not hold. */
      readonly by: readonly StepPromise[];
      /** No request was answered well. */
      readonly silent?: true;
    }
  | {
      readonly kind: 'generator-bound';
      /** What the generator lacked, in words. */
      readonly reason: string;
    };

/**
 * Judges a step. Completion is compared with what was scheduled, not with the nominal rate: under Poisson arrivals a
 * healthy step of few requests misses the nominal rate by chance. A generator at its limit makes any outcome void that
 * its own lateness may have made. Throws an `OptionsError` for what is no duration.
 */
export function judgeStep(step: LoadStep, objective: Objective): StepOutcome {
  const p95Ms = objective.p95 === undefined ? Infinity : parseDurationMs(objective.p95, 'p95');
  const broken = new Set(step.missed);
  const [first, second] = step.halvesMs ?? [1, 1];
  // Answers that all failed have no latency: that is the errors', however many of them the objective allows.
  if (step.p95Ms === undefined) broken.add(step.failed === 0 ? 'latency' : 'errors');
  else if (step.p95Ms > p95Ms) broken.add('latency');
  if (step.failed > objective.errorRate * step.scheduled) broken.add('errors');
  if (step.completed < objective.completedShare * step.scheduled) broken.add('backlog');
  if (second > objective.backlogGrowth * first) broken.add('backlog');
  if (step.generatorBound !== undefined && !isDecidedAllTheSame(step, broken))
    return { kind: 'generator-bound', reason: step.generatorBound };
  if (broken.size === 0) return { kind: 'sustained' };
  const by = stepPromises.filter((promise) => broken.has(promise));
  return { kind: 'broken', by, ...(step.failed >= step.completed && { silent: true }) };
}

/**
 * In an open model a late generator makes no answer earlier: what held, held; and what took far longer than it was late was
 * long by itself.
 */
function isDecidedAllTheSame({ p95Ms, lagP99Ms }: LoadStep, broken: ReadonlySet<StepPromise>): boolean {
  if (p95Ms === undefined || lagP99Ms === undefined) return false;
  return broken.size === 0 || (broken.has('latency') && lagP99Ms <= ownShare * p95Ms);
}
