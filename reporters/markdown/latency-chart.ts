/** Latency over time as a Mermaid chart, which GitHub and GitLab draw in Markdown. */
import type { RunData } from '../../load/measure/run-data.ts';
import { latencyOverTime } from './latency-over-time.ts';

/** As many labels as fit under the axis. */
const mostPoints = 20;

/**
 * Seconds in which nothing was answered are left out. Undefined for a run too short to have a course: fewer than three
 * others.
 */
export function mermaidLatency(run: Pick<RunData, 'endpoints'>): string | undefined {
  const points = latencyOverTime(run, mostPoints).filter(({ latency }) => latency.count > 0);
  if (points.length < 3) return undefined;
  const line = (percent: number) => points.map(({ latency }) => fixed(latency.percentile(percent) ?? 0)).join(', ');
  return [
    '```mermaid',
    'xychart-beta',
    '  title "p50 and, above it, p99 in milliseconds"',
    `  x-axis [${points.map(({ second }) => `"${second}s"`).join(', ')}]`,
    '  y-axis "ms"',
    `  line [${line(50)}]`,
    `  line [${line(99)}]`,
    '```',
  ].join('\n');
}

function fixed(ms: number): string {
  return ms.toFixed(3);
}
