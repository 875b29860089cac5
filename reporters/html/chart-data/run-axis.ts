/** The time axis of a run: how many of its windows share a point. */
import type { RunData } from '../../../load/measure/run-data.ts';
import { fineMs } from '../../../load/measure/run-window.ts';
import { durationMsOfRun } from '../../../load/measure/summary.ts';
import { type Course, courseBySecond } from './run-course.ts';
import { roundSec, type TimeAxis } from './time-axis.ts';

/** Points of a series at most. */
export const maxPoints = 600;
/** Of a run that is over within seconds: more would hold a request or two each. */
export const maxFinePoints = 60;
const leastFinePoints = 5;
const wantedPerPoint = 10;

/** Round steps, so that the labels of a long run fall on round times. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];
const fineSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** The axis of a run. Its last window is cut where the run ended, unless the run is still going and has no end. */
export function timeAxisOf(run: RunData, limit = maxPoints, course: Course = courseBySecond(run)): TimeAxis {
  const begins = beginsOf(course, run);
  if (begins.length === 0) return { fromSec: 0, stepSec: 1, points: 0, endSec: 0 };
  const grainSec = course.grain === 'fine' ? fineMs / 1_000 : 1;
  const first = begins.reduce((low, second) => Math.min(low, second));
  const afterLast = roundSec(begins.reduce((high, second) => Math.max(high, second)) + grainSec);
  const durationSec = durationMsOfRun(run) / 1_000;
  const endSec = durationSec > afterLast - grainSec ? Math.min(afterLast, durationSec) : afterLast;
  const length = afterLast - first;
  const stepSec = course.grain === 'fine' ? fineStepOf(length, course) : stepOf(length, limit);
  const fromSec = roundSec(Math.floor(first / stepSec + 1e-9) * stepSec);
  return { fromSec, stepSec, points: Math.ceil((afterLast - fromSec) / stepSec - 1e-9), endSec };
}

function stepOf(length: number, limit: number): number {
  return steps.find((step) => length / step <= limit - 1) ?? Math.ceil(length / limit);
}

/** As fine as points hold some requests each; but a few points there are, however little was sent. */
function fineStepOf(length: number, { windows }: Course): number {
  const requests = [...windows.values()].reduce((sum, { completed }) => sum + completed, 0);
  const fits = (step: number) => length / step <= maxFinePoints - 1 && (requests * step) / length >= wantedPerPoint;
  const few = fineSteps.filter((step) => length / step >= leastFinePoints);
  return few.find(fits) ?? few.at(-1) ?? fineMs / 1_000;
}

/** A stream or a socket may go on when no request begins or ends any more. */
function beginsOf({ grain, windows, rows }: Course, { endpoints }: Pick<RunData, 'endpoints'>): number[] {
  const begins = new Set(windows.keys());
  for (const row of rows) for (const second of row.windows.keys()) begins.add(second);
  for (const { stream, socket } of grain === 'fine' ? [] : endpoints.values())
    for (const book of [stream, socket]) for (const second of book?.windows.keys() ?? []) begins.add(second);
  return [...begins].filter(Number.isFinite);
}
