/**
 * What GitLab shows of a job in its merge request: `artifacts:reports:metrics` compares figures with those of the target
 * branch (OpenMetrics text), `artifacts:reports:codequality` names lines of files.
 */
import { createHash } from 'node:crypto';
import { finished } from '../../load/measure/counts.ts';
import type { RunSummary, Summary } from '../../load/measure/summary.ts';
import type { BuildError } from '../markdown/error-commands.ts';
import { plainLine } from '../words/plain-text.ts';

/** GitLab keeps a label's value as it stands, and compares series by name and labels: nothing that changes goes there. */
export function metricsReport({ runs }: Summary): string {
  const metrics: readonly (readonly [name: string, of: (run: RunSummary) => number | undefined])[] = [
    ['load_p95_ms', (run) => (run.model === 'open' ? run.responseMs : run.serviceMs)?.p95],
    ['load_p99_ms', (run) => (run.model === 'open' ? run.responseMs : run.serviceMs)?.p99],
    ['load_throughput_per_second', (run) => run.throughputPerSec],
    ['load_success_rate', (run) => run.successRate],
    ['load_requests', (run) => finished(run.requests)],
  ];
  const series = seriesOf(runs);
  const lines = metrics.flatMap(([name, of]) =>
    runs.flatMap((run, at) => {
      const value = of(run);
      return value === undefined ? [] : [`${name}{${series[at] ?? ''}} ${value}`];
    }),
  );
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

/** Labels of each run; one that is repeated is told apart by its place among its like. */
function seriesOf(runs: readonly RunSummary[]): string[] {
  const seen = new Map<string, number>();
  return runs.map(({ project, title }) => {
    const labels = `${project === '' ? '' : `project="${label(project)}",`}run="${label(title.join(' › '))}"`;
    const nth = (seen.get(labels) ?? 0) + 1;
    seen.set(labels, nth);
    return nth === 1 ? labels : `${labels},nth="${nth}"`;
  });
}

function label(text: string): string {
  return plainLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** A fingerprint is of what is wrong and where, so that the same fault on two branches is one. */
export function codeQualityReport(errors: readonly BuildError[]): string {
  const issues = errors.map(({ file, line, title, message }) => ({
    description: plainLine(`${title}: ${message}`),
    check_name: 'load',
    fingerprint: createHash('sha256')
      .update(JSON.stringify([file, title]))
      .digest('hex'),
    severity: 'major',
    location: { path: file, lines: { begin: line } },
  }));
  const once = [...new Map(issues.map((issue) => [issue.fingerprint, issue])).values()];
  return `${JSON.stringify(once, undefined, 2)}\n`;
}
