/** The report that the site shows: made by the reporter's own code, of runs that the tests of the page are made of. */
import { sampleFindingSummary } from '../testing/sample-finding.ts';
import { sampleReport, sampleRun, sampleSummary } from '../testing/page-run.ts';
import { renderReportPage } from '../reporters/html/report-page.ts';
import type { Threshold } from '../load/measure/threshold.ts';

const p95 = (ms: number): Threshold => ({
  scope: { kind: 'run' },
  metric: 'p95',
  target: { comparison: '<', value: ms, text: `< ${ms}ms` },
});
const successRate: Threshold = {
  scope: { kind: 'run' },
  metric: 'successRate',
  target: { comparison: '>', value: 0.9, text: '> 90%' },
};

export function exampleReport(): string {
  const title = (words: string) => ['specs/load.spec.ts', words];
  const runs = [
    sampleReport(sampleRun(), title('workflows hold 80 a second')),
    sampleReport(
      sampleRun({ model: 'closed', seed: 3, seconds: 30, extras: false, thresholds: [p95(5_000), successRate] }),
      title('twelve users browse'),
    ),
    sampleReport(
      sampleRun({ seed: 11, seconds: 45, perSecond: 40, thresholds: [p95(30), successRate] }),
      title('reports answer within 30 ms'),
    ),
  ];
  const finding = sampleFindingSummary({
    title: ['specs/stress.spec.ts', 'where it breaks'],
    runs: [],
  });
  return renderReportPage(runs, { ...sampleSummary(runs), findings: [finding] });
}
