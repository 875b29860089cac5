/** Runs and findings in the order of their news: what is not green comes first, `acceptable` before `passed`. */
import { findingOrder } from '../../../load/measure/finding.ts';
import type { FindingSummary, Verdict } from '../../../load/measure/summary.ts';
import { verdictOrder } from '../../../load/verdict/verdict-order.ts';
import type { PageData } from '../page-data.ts';
import type { RunView } from '../run-view.ts';

/** How a run stands, in one word. */
export type Stand = Verdict | 'running';

export const severity: readonly Stand[] = ['running', ...verdictOrder];

export interface ListedRun {
  readonly run: RunView;
  /** Its place among all. */
  readonly index: number;
  /** Its place among the verdicts, the worst first. */
  readonly rank: number;
}

/** The worst first; on a live page as they came, so that none moves under the reader's eyes. */
export function listed(runs: readonly RunView[], kind: PageData['kind']): ListedRun[] {
  const severityOf = (run: RunView) => severity.indexOf(standOf(run));
  const ranked = runs
    .map((run, index) => ({ run, index }))
    .sort((a, b) => severityOf(a.run) - severityOf(b.run) || a.index - b.index)
    .map((each, rank) => ({ ...each, rank }));
  return kind === 'live' ? ranked.sort((a, b) => a.index - b.index) : ranked;
}

/** `2 failed, 5 passed`; where there are findings, `findings: 1 measured; runs: 12 measured`. */
export function tallyOf(runs: readonly RunView[], findings: readonly FindingSummary[] = []): string {
  const ofRuns = counted(severity, runs.map(standOf));
  if (findings.length === 0) return ofRuns;
  const ofFindings = counted(
    findingOrder,
    findings.map(({ verdict }) => verdict),
  );
  return `findings: ${ofFindings}${ofRuns === '' ? '' : `; runs: ${ofRuns}`}`;
}

export function standOf({ state }: RunView): Stand {
  return state.kind === 'judged' ? state.verdict : 'running';
}

function counted(order: readonly string[], words: readonly string[]): string {
  return order
    .flatMap((word) => {
      const number = words.filter((each) => each === word).length;
      return number === 0 ? [] : [`${number} ${word}`];
    })
    .join(', ');
}
