/** What came of a load as a step of a search: what its numbers say of the server, or why they say nothing of it. */
import { judgeStep, type LoadStep, type Objective, type StepOutcome, type StepPromise } from '../analysis/load-step.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import { lostOf } from '../measure/counts.ts';
import type { RunData } from '../measure/run-data.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { formatCount } from '../measure/units.ts';
import type { RunLimits } from '../verdict/limits.ts';
import { mainErrorOf } from '../verdict/main-error.ts';
import { whyVoidOf } from './experiment.ts';

/** `void`: no further step would tell more. */
type SearchedOutcome = StepOutcome | { readonly kind: 'void'; readonly reason: string };

export function outcomeOf(
  run: LoadRun,
  { level, slo, objective }: { readonly level: number; readonly slo: RunLimits; readonly objective: Objective },
): SearchedOutcome {
  const { data } = partOf(run);
  const step = run.step(level, slo);
  const reason = whyVoidOf(run) ?? whyNothingSent(data) ?? whyDry(data);
  if (reason !== undefined) return { kind: 'void', reason };
  const outcome = judgeStep({ ...step, missed: missedOf(data, slo, step) }, objective);
  // What stops a load for despair need not be a promise of the SLO.
  return outcome.kind === 'sustained' && isAborted(data) ? { kind: 'broken', by: ['objective'] } : outcome;
}

function whyNothingSent(data: RunData): string | undefined {
  const { started, dropped } = data.counts;
  return started + dropped > 0 ? undefined : `sent no request${mainErrorOf(data)}`;
}

function whyDry({ segments }: RunData): string | undefined {
  return segments.some(({ stopped }) => stopped === stopReasons.dry) ? `was stopped: ${stopReasons.dry}` : undefined;
}

/** By `abortOn`: its words are no others'. */
function isAborted({ segments }: RunData): boolean {
  const others: readonly string[] = Object.values(stopReasons);
  return segments.some(({ stopped }) => stopped !== undefined && !others.includes(stopped));
}

/**
 * A scenario that throws, or whose check fails, where its request was answered well has seen a wrong answer: that is an
 * error of the level too. After a bad answer it is the same error once more.
 */
function missedOf(data: RunData, slo: RunLimits, { missed = [] }: LoadStep): readonly StepPromise[] {
  const { exceptions, checks, counts } = data;
  const failedChecks = [...checks.values()].reduce((most, { failed }) => Math.max(most, failed), 0);
  const lost = lostOf(counts) + counts.unfinished;
  const isOwn =
    (exceptions > lost && slo.exceptions === undefined && slo.iterationsFailed === undefined) ||
    (failedChecks > lost && slo.checks === undefined);
  return isOwn && !missed.includes('errors') ? [...missed, 'errors'] : missed;
}

/** What a p95 needs. */
const fewestRequests = 20;

/** Why a level that held proves little, where so few requests were due in all steps at it. */
export function tooFew(runs: readonly LoadRun[]): string | undefined {
  const due = runs.reduce((sum, { requests }) => sum + requests.scheduled, 0);
  return due >= fewestRequests
    ? undefined
    : `that rests on ${formatCount(due)} requests in all, and a p95 needs ${fewestRequests}: take a longer \`step\``;
}
