/**
 * One scenario out of weighted tasks: Locust's `@task(10)`. Which task an iteration runs follows from its turn, in
 * exact proportion and well spread, so two runs send the same mixture and a short one is not lopsided.
 */
import { throwProblems } from '../options-error.ts';
import { show } from '../measure/units.ts';
import type { Scenario, ScenarioContext } from './scenario.ts';

/** A scenario with its weight: in so many of the iterations it is the one that runs. */
export type WeightedTask<Row, State = unknown, UserRow = unknown> = readonly [
  weight: number,
  task: Scenario<Row, State, UserRow>,
];

/**
 * One scenario out of weighted tasks: Locust's `@task(10)`. Each iteration runs one of them, in exact proportion and well
 * spread (smooth weighted round-robin), by its `turn`. Throws an `OptionsError` for a weight that is no whole number
 * from 1, or a task that is no function.
 *
 * @example
 * mix([[10, ({ request }) => request.get('/health')], [5, ({ request }) => request.get('/config')]]);
 */
export function mix<Row = undefined, State = unknown, UserRow = unknown>(
  tasks: readonly WeightedTask<Row, State, UserRow>[],
): Scenario<Row, State, UserRow> {
  const problems = tasks.flatMap(([weight, task], at) => [
    ...(Number.isInteger(weight) && weight >= 1
      ? []
      : [`weight ${at + 1} of \`mix\` must be a whole number of at least 1, got ${show(weight)}`]),
    ...(typeof task === 'function' ? [] : [`task ${at + 1} of \`mix\` must be a function, got ${show(task)}`]),
  ]);
  throwProblems(tasks.length === 0 ? ['`mix` needs at least one task such as `[10, health]`'] : problems);
  const order = spread(tasks.map(([weight]) => weight));
  const mixed = (context: ScenarioContext<Row, State, UserRow>) =>
    tasks[order[(context.turn - 1) % order.length] ?? 0]?.[1](context);
  tasksOfMix.set(
    mixed,
    tasks.map(([, task]) => task as Scenario<unknown>),
  );
  return mixed;
}

const tasksOfMix = new WeakMap<Scenario<never, never, never>, readonly Scenario<unknown>[]>();

/** The scenarios that one is made of, those of a `mix` within a `mix` too: itself where it is none. */
export function tasksOf(scenario: Scenario<unknown>): readonly Scenario<unknown>[] {
  return tasksOfMix.get(scenario)?.flatMap(tasksOf) ?? [scenario];
}

/** A scenario that runs each of the tasks in turn, whatever their weights. */
export function inTurns(tasks: readonly Scenario<unknown>[]): Scenario<unknown> {
  return (context) => tasks[(context.turn - 1) % tasks.length]?.(context);
}

/**
 * Indexes in proportion to their weights, each as far from its like as may be: every step gives all their weight and
 * takes the total from the richest (nginx's smooth weighted round-robin).
 */
export function spread(weights: readonly number[]): number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0);
  const shares = weights.map((weight) => weight / divisor);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const credit = shares.map(() => 0);
  return Array.from({ length: total }, () => {
    shares.forEach((share, at) => (credit[at] = (credit[at] ?? 0) + share));
    const richest = credit.indexOf(Math.max(...credit));
    credit[richest] = (credit[richest] ?? 0) - total;
    return richest;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
