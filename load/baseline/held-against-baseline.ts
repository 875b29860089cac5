/**
 * A load held against its baseline: what is worse than its limit is measured once more, where that can be, before it
 * counts.
 */
import { worseMetrics } from '../analysis/baseline.ts';
import type { BaselineKey } from '../measure/baseline.ts';
import type { Finding } from '../measure/finding.ts';
import type { RunData } from '../measure/run-data.ts';
import { type Again, comparedFinding, type ToldParts, undecidedFinding } from './baseline-finding.ts';
import { compareLoad, otherServers } from './compare-load.ts';

export interface HeldParts {
  /** Folder of the configuration. */
  readonly configDir: string;
  readonly load: BaselineKey;
  readonly data: RunData;
  /** Sends the same load once more; or why that can't be done. */
  readonly again: (() => Promise<RunData>) | string;
  readonly tell: (finding: Finding) => void;
}

/** Rejects with whatever `again` rejects with, after it has told that nothing was decided. */
export async function holdAgainstBaseline({ configDir, load, data, again, tell }: HeldParts): Promise<void> {
  const first = await compareLoad(configDir, load, data);
  const told: ToldParts = { load, runs: [data.plan.index] };
  if (first.kind === 'unused') return;
  if (first.kind === 'undecided') {
    tell(undecidedFinding(`not compared: ${first.words}`, told));
    return;
  }
  if (worseMetrics(first.comparison).length === 0) {
    tell(comparedFinding(first, { kind: 'not needed' }, told));
    return;
  }
  const once = otherServers(first) ?? again;
  if (typeof once === 'string') {
    tell(comparedFinding(first, { kind: 'not done', why: once }, told));
    return;
  }
  const second = await measuredAgain(once, (why) => tell(comparedFinding(first, { kind: 'not done', why }, told)));
  const { whenSaturated } = data.plan; // a generator that would void the first voids the second
  const asFirst = { ...second, plan: { ...second.plan, whenSaturated } };
  const outcome: Again = { kind: 'done', load: await compareLoad(configDir, load, asFirst) };
  tell(comparedFinding(first, outcome, { load, runs: [...told.runs, second.plan.index] }));
}

async function measuredAgain(again: () => Promise<RunData>, tellUndone: (why: string) => void): Promise<RunData> {
  try {
    return await again();
  } catch (error) {
    tellUndone('measuring again came to no end');
    throw error;
  }
}
