/**
 * Why a run is not as it should be, as one sentence: what, where, when, and what else was so at the time. It is what a chat,
 * a list and an annotation show of a run.
 */
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { describeThreshold, type JudgedThreshold } from './judged-threshold.ts';
import { meanwhile } from './meanwhile.ts';

/** What is only beside the matter is left out of a longer sentence. */
const longestReason = 200;

export interface Missed {
  /** The first of them. */
  readonly threshold: JudgedThreshold;
  /** How many there are of them, and of all limits that are told. */
  readonly count: number;
  readonly of: number;
  /** What became of them: `missed`. */
  readonly how: string;
}

/** `success rate 86.7 % (limit > 99%): 67 × HTTP 503 on GET /mid, from 0:08 to 0:12; the server's CPU was 100 %; 2 of 5 limits missed`. */
export function reasonOf(run: RunData, { threshold, count, of, how }: Missed): string {
  const main = describeThreshold(threshold);
  const others = count === 1 && how === 'missed' ? [] : [`${count} of ${of} limits ${how}`];
  const span = threshold.culprit?.at ?? threshold.at ?? { fromMs: 0, toMs: durationMsOfRun(run) };
  const [fact] = meanwhile(run, span);
  const all = [main, ...(fact === undefined ? [] : [fact]), ...others].join('; ');
  return all.length <= longestReason ? all : [main, ...others].join('; ');
}
