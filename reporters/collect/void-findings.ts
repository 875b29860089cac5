/** Findings that rest on a run which measured the load of another test as well: what they say is of both. */
import type { FindingSummary } from '../../load/measure/summary.ts';
import type { CollectedFinding } from './collected-finding.ts';
import type { CollectedRun } from './collected-run.ts';

/** Whoever asked has to know; a baseline nobody asked for decides nothing then. What it said stands behind the reason. */
export function withVoidFindings(
  findings: readonly CollectedFinding[],
  runs: readonly Pick<CollectedRun, 'besideLoad'>[],
): CollectedFinding[] {
  return findings.map((found) => {
    const why = found.summary.runs.map((at) => runs[at]?.besideLoad).find((each) => each !== undefined);
    return why === undefined ? found : { ...found, summary: voided(found.summary, why) };
  });
}

function voided(summary: FindingSummary, why: string): FindingSummary {
  const verdict = summary.kind === 'baseline' ? 'inconclusive' : 'invalid';
  return { ...summary, verdict, sentence: `${why}; otherwise ${summary.verdict}: ${summary.sentence}` };
}
