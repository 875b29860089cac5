/** A run at one steady level as a step of a capacity search. */
import { finished, lostOf } from '../measure/counts.ts';
import { overall, type RunData } from '../measure/run-data.ts';
import type { LoadStep } from './load-step.ts';
import { stretchOf } from './run-seconds.ts';

/** `generatorBound` says why the generator's own health voids the step, if it does. */
export function stepOfRun(data: RunData, judged: Pick<LoadStep, 'level' | 'missed' | 'generatorBound'>): LoadStep {
  const { counts, plan } = data;
  const p95Ms = overall(data, plan.model === 'open' ? 'response' : 'service').percentileMs(95);
  const lagP99Ms = data.lag.percentileMs(99);
  const halves = plan.model === 'open' ? halvesOf(data) : undefined;
  return {
    ...judged,
    scheduled: counts.scheduled,
    completed: finished(counts),
    failed: lostOf(counts),
    ...(p95Ms !== undefined && { p95Ms }),
    ...(halves && { halvesMs: halves }),
    ...(lagP99Ms !== undefined && { lagP99Ms }),
  };
}

/** Medians of the first and the second half, by whole seconds; absent for a run in which a half has no answer. */
function halvesOf(data: RunData): readonly [number, number] | undefined {
  const seconds = [...data.endpoints.values()].flatMap(({ windows }) => [...windows.keys()]);
  const end = seconds.reduce((last, second) => Math.max(last, second + 1), 0);
  const middle = Math.floor(end / 2);
  const first = stretchOf(data, 0, middle).latency.percentile(50);
  const second = stretchOf(data, middle, end).latency.percentile(50);
  return first === undefined || second === undefined ? undefined : [first, second];
}
