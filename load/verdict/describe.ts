/**
 * Thresholds as a table for people: the first thing the reader of a failed load test sees.
 */
import type { RunData } from '../measure/run-data.ts';
import { plainLine } from '../measure/plain-line.ts';
import { type JudgedThreshold, receivedText } from './judged-threshold.ts';
import { latencyGroupOf, latencyOf, plainMetrics } from './metric.ts';
import { lackWords } from './row-extras-metric.ts';
import { verdictGlyphs } from './verdict-order.ts';

/** One aligned row each: mark, scope, metric, expected, received; one that was missed says whose it is, where that is known. */
export function describeThresholds(run: RunData, thresholds: readonly JudgedThreshold[]): string {
  const rows = thresholds.map((threshold) => [
    verdictGlyphs[threshold.verdict],
    plainLine(threshold.scope),
    threshold.metric,
    `expected ${threshold.expected}${threshold.implied === true ? ' (implied)' : ''}${threshold.verdict === 'measured' ? ' (not judged)' : ''}`,
    `received ${threshold.actual === undefined ? noData(run, threshold) : receivedText(threshold)}${culpritWords(threshold)}`,
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
function noData(run: RunData, { scope, metric }: JudgedThreshold): string {
  const absent = lacking(run, { scope, metric });
  if (absent !== undefined) return `no data (${absent})`;
  if (scope === 'run' || scope.startsWith('loads ')) return 'no data';
  const { kind, names } = namesLike(run, scope);
  if (names.some((name) => name === scope || scope.startsWith(`${kind} "${name}"`))) return 'no data';
  if (names.length === 0) return `no data (no ${kind} was called)`;
  return `no data (called were ${names.slice(0, 5).map(plainLine).join(', ')}${names.length > 5 ? ' …' : ''})`;
}

/** What its row, or the whole run, had none of; a name of the server's that it did not tell is most often misspelt. */
function lacking({ endpoints }: RunData, { scope, metric }: Pick<JudgedThreshold, 'scope' | 'metric'>) {
  const group = latencyOf(metric)?.group ?? '';
  const own = endpoints.get(scope);
  const rows = own === undefined ? [...endpoints.values()] : [own];
  const need = plainMetrics.get(metric)?.needs ?? latencyGroupOf(group)?.needs;
  if (need !== undefined) return lackWords(rows, need);
  if (!group.startsWith('serverTiming.')) return undefined;
  const names = [...new Set(rows.flatMap(({ serverTiming }) => [...(serverTiming?.keys() ?? [])]))];
  if (names.includes(group.slice('serverTiming.'.length))) return undefined;
  if (names.length === 0) return 'no answer told a Server-Timing';
  return `told were ${names.slice(0, 5).map(plainLine).join(', ')}${names.length > 5 ? ' …' : ''}`;
}

function namesLike(run: RunData, scope: string): { readonly kind: string; readonly names: readonly string[] } {
  const { groups, tags, checks, metrics, endpoints, probes } = run;
  const kinds = {
    group: groups.keys(),
    tag: tags.keys(),
    check: checks.keys(),
    metric: metrics.entries().map(([name]) => name),
    page: probes.keys(),
  };
  for (const [kind, names] of Object.entries(kinds))
    if (scope.startsWith(`${kind} "`)) return { kind, names: [...names] };
  return { kind: 'endpoint', names: [...endpoints.keys()] };
}

function culpritWords({ culprit }: JudgedThreshold): string {
  return culprit === undefined ? '' : ` (${culprit.words})`;
}
