/**
 * One step of a capacity search: load at a constant arrival rate, and whether the server sustained it. "Sustained" is
 * several promises at once; which of them broke first tells what the server ran out of.
 */
import { type Duration, parseDurationMs } from '../measure/units.ts';

/** What came of one step: `run.step(rate)`. */
export type LoadStep = {
  /** Arrivals per second that were asked for. */
  readonly rate: number;
  /** Arrivals due in the measured part. */
  readonly scheduled: number;
  /** How many of them were answered, failures included. */
  readonly completed: number;
  /** Failed or timed out. */
  readonly failed: number;
  /** Response time from the intended start, ms. Absent when nothing was answered. */
  readonly p95Ms?: number;
  /** Median response time of the first and of the second half of the step, ms: a backlog makes the second longer. */
  readonly halvesMs?: readonly [first: number, second: number];
  /** Why the generator's own measurement is not to be trusted. Absent when it is. */
  readonly generatorBound?: string;
};

/** What the server promises at a rate that it sustains. */
export type Objective = {
  /** Highest 95th percentile of the response time. */
  readonly p95: Duration;
  /** Highest share of failed requests. */
  readonly errorRate: number;
  /** Lowest share of the scheduled arrivals that are answered within the step. */
  readonly completedShare: number;
  /** Highest ratio of the second half's median to the first half's. */
  readonly backlogGrowth: number;
};

/** All of an objective but its latency, which only the server's owner knows. */
export const defaultObjective: Omit<Objective, 'p95'> = { errorRate: 0.01, completedShare: 0.98, backlogGrowth: 1.5 };

/** In the order in which they are named when several break in one step. */
export type StepPromise = 'p95' | 'errors' | 'completion' | 'backlog';

/** Whether the server sustained a step. `generator-bound`: it cannot be told. */
export type StepOutcome =
  | { readonly kind: 'sustained' }
  | {
      readonly kind: 'broken';
      /** Every promise that did not hold. */
      readonly by: readonly StepPromise[];
    }
  | {
      readonly kind: 'generator-bound';
      /** What the generator lacked, in words. */
      readonly reason: string;
    };

/**
 * Judges a step. Completion is compared with what was scheduled, not with the nominal rate: under Poisson arrivals a
 * healthy step of few requests misses the nominal rate by chance. A generator at its limit makes any outcome void. Throws
 * an `OptionsError` for what is no duration.
 */
export function judgeStep(step: LoadStep, objective: Objective): StepOutcome {
  const p95Ms = parseDurationMs(objective.p95, 'p95');
  if (step.generatorBound !== undefined) return { kind: 'generator-bound', reason: step.generatorBound };
  const by: StepPromise[] = [];
  const [first, second] = step.halvesMs ?? [1, 1];
  // Answers that all failed have no latency: the errors say so already.
  if (step.p95Ms === undefined ? step.failed === 0 : step.p95Ms > p95Ms) by.push('p95');
  if (step.failed > objective.errorRate * step.scheduled) by.push('errors');
  if (step.completed < objective.completedShare * step.scheduled) by.push('completion');
  if (second > objective.backlogGrowth * first) by.push('backlog');
  return by.length > 0 ? { kind: 'broken', by } : { kind: 'sustained' };
}
