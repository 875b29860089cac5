/** The time axis of a run: how many of its seconds share a point. */
import type { RunData } from '../../../load/measure/run-data.ts';
import { durationMsOfRun } from '../../../load/measure/summary.ts';
import type { TimeAxis } from './time-axis.ts';

/** Points of a series at most. */
export const maxPoints = 600;

/** Round steps, so that the labels of a long run fall on round times. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];

/** The axis of a run. Its last second is cut where the run ended, unless the run is still going and has no end. */
export function timeAxisOf(run: RunData, limit = maxPoints): TimeAxis {
  const seconds = secondsOf(run);
  if (seconds.length === 0) return { fromSec: 0, stepSec: 1, points: 0, endSec: 0 };
  const first = seconds.reduce((low, second) => Math.min(low, second));
  const afterLast = seconds.reduce((high, second) => Math.max(high, second)) + 1;
  const durationSec = durationMsOfRun(run) / 1_000;
  const endSec = durationSec > afterLast - 1 ? Math.min(afterLast, durationSec) : afterLast;
  const length = afterLast - first;
  const stepSec = steps.find((step) => length / step <= limit - 1) ?? Math.ceil(length / limit);
  const fromSec = Math.floor(first / stepSec) * stepSec;
  return { fromSec, stepSec, points: Math.ceil((afterLast - fromSec) / stepSec), endSec };
}

function secondsOf(run: RunData): number[] {
  const seconds = new Set(run.windows.keys());
  for (const endpoint of run.endpoints.values()) for (const second of endpoint.windows.keys()) seconds.add(second);
  return [...seconds].filter(Number.isFinite);
}
