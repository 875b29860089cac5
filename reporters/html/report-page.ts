/** `load-results/report.html`: every finding and every run of the suite on one page. */
import type { RunSummary, Summary } from '../../load/measure/summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import type { ReportData } from './head-facts.ts';
import { pageShell } from './page-shell.ts';
import { baselineView, viewOfRun } from './run-view.ts';
import { staticPage } from './static-page.ts';

export interface ReportPageOptions {
  /** An earlier result of the same suite; runs are matched by project, title and profile. */
  readonly baseline?: Summary;
}

/** One self-contained HTML file. */
export function renderReportPage(
  runs: readonly ReportedRun[],
  summary: Summary,
  { baseline }: ReportPageOptions = {},
): string {
  const label = baseline === undefined ? undefined : labelOf(baseline);
  const earlier = new Map((baseline?.runs ?? []).map((run) => [keyOf(run), run]));
  const data: ReportData = {
    kind: 'report',
    verdict: summary.verdict,
    startedAt: summary.startedAt,
    durationMs: summary.durationMs,
    environment: summary.environment,
    segments: summary.segments,
    ...(label !== undefined && { baseline: label }),
    ...(summary.findings !== undefined && { findings: summary.findings }),
    runs: runs.map((run) => {
      const known = earlier.get(keyOf(run.summary));
      return viewOfRun(run, known === undefined ? undefined : baselineView(known, label ?? 'baseline'));
    }),
  };
  return pageShell(data, staticPage(data));
}

function keyOf({ project, title, profile }: RunSummary): string {
  return JSON.stringify([project, title, profile]);
}

function labelOf({ startedAt, environment }: Summary): string {
  const commit = environment.commit === undefined ? '' : `, commit ${environment.commit.slice(0, 10)}`;
  return `${startedAt.slice(0, 16).replace('T', ' ')}${commit}`;
}
