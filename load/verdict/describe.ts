/**
 * Thresholds as a table for people: the first thing the reader of a failed load test sees.
 */
import type { RunData } from '../measure/run-data.ts';
import { plainLine } from '../measure/plain-line.ts';
import { formatValue } from '../measure/units.ts';
import { type JudgedThreshold, receivedText } from './judge.ts';
import { latencyOf, plainMetrics } from './metric.ts';
import { observed } from './observed.ts';
import { userFailureWords } from './user-failures.ts';
import { verdictGlyphs } from './verdict-order.ts';

/** One aligned row each: mark, scope, metric, expected, received; a missed latency of the whole run names its slowest endpoint. */
export function describeThresholds(run: RunData, thresholds: readonly JudgedThreshold[]): string {
  const rows = thresholds.map((threshold) => [
    verdictGlyphs[threshold.verdict],
    plainLine(threshold.scope),
    threshold.metric,
    `expected ${threshold.expected}${threshold.implied === true ? ' (implied)' : ''}${threshold.verdict === 'measured' ? ' (not judged)' : ''}`,
    `received ${threshold.actual === undefined ? noData(run, threshold) : receivedText(threshold)}${culprit(run, threshold)}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}

/** What nobody called is most often misspelt: the names of its kind that were are named. */
function noData(run: RunData, { scope }: JudgedThreshold): string {
  if (scope === 'run' || scope.startsWith('loads ')) return 'no data';
  const { kind, names } = namesLike(run, scope);
  if (names.some((name) => name === scope || scope.startsWith(`${kind} "${name}"`))) return 'no data';
  if (names.length === 0) return `no data (no ${kind} was called)`;
  return `no data (called were ${names.slice(0, 5).map(plainLine).join(', ')}${names.length > 5 ? ' …' : ''})`;
}

function namesLike(run: RunData, scope: string): { readonly kind: string; readonly names: readonly string[] } {
  const { groups, tags, checks, metrics, endpoints } = run;
  const kinds = {
    group: groups.keys(),
    tag: tags.keys(),
    check: checks.keys(),
    metric: metrics.entries().map(([name]) => name),
  };
  for (const [kind, names] of Object.entries(kinds))
    if (scope.startsWith(`${kind} "`)) return { kind, names: [...names] };
  return { kind: 'endpoint', names: [...endpoints.keys()] };
}

function culprit(run: RunData, { scope, metric, verdict, actual }: JudgedThreshold): string {
  if (verdict !== 'failed' || scope !== 'run' || actual === undefined) return '';
  if (metric === 'idleIterations')
    return ' (ended without a request; requests of a context belong to the user that made it)';
  if (metric === 'userFailures') return ` (${userFailureWords(run)})`;
  const errors = plainMetrics.get(metric)?.errors;
  if (errors !== undefined) return mainError(run, errors);
  const latency = latencyOf(metric);
  if (latency === undefined || latency.group === 'lag') return '';
  const slowest = [...run.endpoints.keys()]
    .map((name) => ({
      name,
      ms:
        observed(run, { scope: { kind: 'endpoint', name }, metric, target: { comparison: '<', value: 0, text: '' } }) ??
        0,
    }))
    .sort((a, b) => b.ms - a.ms)[0];
  return slowest === undefined ? '' : ` (${plainLine(slowest.name)} ${formatValue(slowest.ms, 'ms')})`;
}

/** The scenario's own errors name no endpoint: they have a place in the code. */
function mainError(run: RunData, explains: (kind: string) => boolean): string {
  const [most] = [...run.errors.values()].filter(({ kind }) => explains(kind)).sort((a, b) => b.count - a.count);
  if (most === undefined) return '';
  if (most.kind === 'exception') return ` (${most.count} × ${plainLine(most.sample)})`;
  return ` (${plainLine(most.endpoint)}: ${most.count} × ${most.kind}, ${plainLine(most.sample)})`;
}
