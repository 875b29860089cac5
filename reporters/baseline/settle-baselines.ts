/**
 * What becomes of baselines once the runs are judged: accepted ones are recorded where that is asked for, and loads of
 * several shards, which no worker has seen whole, are compared.
 */
import type { BaselineMode } from '../../load/baseline/baseline-mode.ts';
import { holdAgainstBaseline } from '../../load/baseline/held-against-baseline.ts';
import type { BaselineKey } from '../../load/measure/baseline.ts';
import type { Finding } from '../../load/measure/finding.ts';
import { awaitsMerge } from '../../load/measure/segment-place.ts';
import { type CollectedFinding, summaryOfFinding } from '../collect/collected-finding.ts';
import type { CollectedRun } from '../collect/collected-run.ts';
import type { Mishaps } from '../mishaps.ts';
import { baselineKeys } from './baseline-keys.ts';
import { recordRun } from './record-run.ts';

export interface SettleParts {
  readonly runs: readonly CollectedRun[];
  readonly mode: BaselineMode;
  readonly configDir: string;
  /** Folder that file names are told from. */
  readonly rootDir: string;
  /** Of the specs' repository. */
  readonly commit: string | undefined;
  readonly mishaps: Mishaps;
}

/** Why a load of several shards is not measured once more. */
const afterwards = 'a merge can measure nothing again: run the shards again to see whether it was chance';

/** One after the other: repetitions of one test share a file. */
export async function settleBaselines(parts: SettleParts): Promise<CollectedFinding[]> {
  const { runs, mode, rootDir, mishaps } = parts;
  const found: CollectedFinding[] = [];
  if (mode === 'off') return found;
  for (const [run, load] of baselineKeys(runs)) {
    const { test, result } = run.group.first;
    const tell = (finding: Finding) => {
      found.push({ summary: summaryOfFinding(finding, { test, result, runs, rootDir }), test, result });
    };
    await mishaps.contain('a baseline came to nothing', async () => settle(run, { ...parts, load, tell }));
  }
  return found;
}

interface OneRun extends SettleParts {
  readonly load: BaselineKey;
  readonly tell: (finding: Finding) => void;
}

/** What one worker measured, it has compared itself. */
async function settle(run: CollectedRun, { mode, configDir, commit, mishaps, load, tell }: OneRun): Promise<void> {
  if (mode === 'update') tell(await recordRun(run, { configDir, commit, mishaps, load }));
  else if (awaitsMerge(run.data))
    await holdAgainstBaseline({ configDir, load, data: run.data, again: afterwards, tell });
}
