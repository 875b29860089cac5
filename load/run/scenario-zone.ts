/**
 * Which scenario is running: whatever a scenario calls, and whatever that waits for, is told apart from the test beside
 * the load. So `expect` and `test.step` need no argument to know that thousands of them are no part of a report.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** How a part of an iteration ended; one that was skipped is as if it had never begun. */
export type PartOutcome = 'ok' | 'failed' | 'skipped';

/** Files a part of an iteration that is over. */
export type EndPart = (outcome: PartOutcome) => void;

/** Shows a part of a scenario as a step of the test. */
export type InStep = <Result>(title: string, part: () => Promise<Result>) => Promise<Result>;

/** What Playwright's own means tell the iteration they are called in. */
export interface ScenarioLife {
  /** A part of the iteration begins; it is timed until the returned function is called. */
  readonly beginPart: (name: string) => EndPart;
  /** The iteration has failed, and goes on. */
  readonly failSoftly: (message: string) => void;
}

const zone = new AsyncLocalStorage<ScenarioLife>();

/** Calls a function of the scenario's, with what is its own. */
export function inScenario<Own, Result>(life: ScenarioLife, call: (own: Own) => Result, own: Own): Result {
  return zone.run(life, call, own);
}

/** The iteration that asks, or undefined outside of scenarios. */
export function currentScenario(): ScenarioLife | undefined {
  return zone.getStore();
}
