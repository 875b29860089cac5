/** What happened in a run, and when, told from its merged numbers: a time line for people. */
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun, type RunEvent } from '../measure/summary.ts';
import type { Judgement } from './judge.ts';

/** In order of time. */
export function runEvents(run: RunData, judgement: Pick<Judgement, 'generator'>): RunEvent[] {
  return [...stopped(run), ...generator(run, judgement)];
}

function stopped(run: RunData): RunEvent[] {
  return run.segments
    .flatMap(({ stopped: why }) => why ?? [])
    .slice(0, 1)
    .map((why) => ({ kind: 'stopped', fromMs: durationMsOfRun(run), sentence: `the run was stopped early: ${why}` }));
}

function generator(run: RunData, { generator: { verdict, reason } }: Pick<Judgement, 'generator'>): RunEvent[] {
  if (verdict !== 'saturated') return [];
  return [{ kind: 'generator', fromMs: 0, toMs: durationMsOfRun(run), sentence: `the load generator: ${reason}` }];
}
