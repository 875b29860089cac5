/**
 * Records an accepted run in the baseline of its load, and in the history beside it; whatever stands in the way is
 * told.
 */
import { recordedFinding, undecidedFinding } from '../../load/baseline/baseline-finding.ts';
import { baselinePath, recordedBaseline } from '../../load/baseline/recorded-baseline.ts';
import { recordLoad } from '../../load/baseline/record-load.ts';
import { baselineFolder, type BaselineKey, encodeBaseline } from '../../load/measure/baseline.ts';
import type { Finding } from '../../load/measure/finding.ts';
import type { CollectedRun } from '../collect/collected-run.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Mishaps } from '../mishaps.ts';
import { historyPath, withHistoryRow } from './history-csv.ts';

export interface RecordRunParts {
  readonly configDir: string;
  readonly load: BaselineKey;
  /** Of the specs' repository. */
  readonly commit: string | undefined;
  readonly mishaps: Mishaps;
}

/** A baseline that was asked for and cannot be written fails the run, as other results do. */
export async function recordRun(
  run: CollectedRun,
  { configDir, load, commit, mishaps }: RecordRunParts,
): Promise<Finding> {
  const { data } = run;
  const told = { load, runs: [data.plan.index] };
  const refused = (why: string) => undecidedFinding(`not recorded: ${why}`, told);
  const unaccepted = whyUnaccepted(run);
  if (unaccepted !== undefined) return refused(unaccepted);
  const known = await recordedBaseline(configDir, load);
  if (known.kind === 'unreadable') return refused(`${known.words}. Mend it, or delete it`);
  const recorded = recordLoad(known.kind === 'recorded' ? known.baseline : undefined, { load, data, commit });
  if (recorded.kind === 'refused') return refused(recorded.words);
  const path = baselinePath(configDir, load);
  const written = await mishaps.deliver(`\`${path}\` cannot be written`, () => {
    writeWhole(path, encodeBaseline(recorded.baseline));
    return true;
  });
  if (written !== true) return refused(`\`${baselineFolder}/\` cannot be written`);
  const csv = historyPath(path, recorded.told.environment);
  await mishaps.deliver(`\`${csv}\` cannot be written`, () => writeWhole(csv, withHistoryRow(csv, recorded.told)));
  return recordedFinding(recorded.told, { ...told, kept: recorded.kept });
}

/** A run that a build must not pass by, or whose test says otherwise, is nothing to compare with. */
function whyUnaccepted({ summary, group }: CollectedRun): string | undefined {
  const { verdict, reason, expectedToFail } = summary;
  if (verdict !== 'passed' && verdict !== 'acceptable') return `the run is ${verdict}: ${reason}`;
  if (expectedToFail === true || group.pieces.some(({ result }) => result.status !== 'passed'))
    return 'its test did not pass';
  return undefined;
}
