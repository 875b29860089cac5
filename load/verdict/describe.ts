/**
 * Thresholds as a table for people: the first thing the reader of a failed load test sees.
 */
import type { RunData } from '../measure/run-data.ts';
import { plainLine } from '../measure/plain-line.ts';
import { type JudgedThreshold, receivedText } from './judge.ts';
import { formatValue, isLatencyWord, plainUnits } from './metric.ts';
import { observed } from './observed.ts';
import { verdictGlyphs } from './verdict-order.ts';

/** One aligned row each: mark, scope, metric, expected, received; a missed latency of the whole run names its slowest endpoint. */
export function describeThresholds(run: RunData, thresholds: readonly JudgedThreshold[]): string {
  const rows = thresholds.map((threshold) => [
    verdictGlyphs[threshold.verdict],
    plainLine(threshold.scope),
    threshold.metric,
    `expected ${threshold.expected}${threshold.implied === true ? ' (implied)' : ''}`,
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

/** An endpoint nobody called is most often misspelt: the names that were are named. */
function noData(run: RunData, { scope }: JudgedThreshold): string {
  const names = [...run.endpoints.keys()];
  const called =
    names.length === 0
      ? 'no endpoint was called'
      : `called were ${names.slice(0, 5).map(plainLine).join(', ')}${names.length > 5 ? ' …' : ''}`;
  return scope === 'run' || names.includes(scope) ? 'no data' : `no data (${called})`;
}

function culprit(run: RunData, { scope, metric, verdict, unit, actual }: JudgedThreshold): string {
  if (verdict !== 'failed' || scope !== 'run' || actual === undefined) return '';
  if (metric === 'idleIterations')
    return ' (ended without a request; requests of a context belong to the user that made it)';
  if (metric === 'exceptions' || metric === 'iterationsFailed') return mainException(run);
  if (['successRate', 'errorRate', 'failed', 'timedOut', 'unfinished'].includes(metric)) return mainError(run, metric);
  const latency =
    unit === 'ms' && !Object.hasOwn(plainUnits, metric) && isLatencyWord(metric.slice(metric.lastIndexOf('.') + 1));
  if (!latency || metric.startsWith('lag.')) return '';
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

/** Kinds of errors that a metric counts alone; the others count all that are not of these. */
const ownKinds: Readonly<Record<string, string>> = {
  timedOut: 'timeout',
  unfinished: 'unfinished',
};

function mainError(run: RunData, metric: string): string {
  const own = ownKinds[metric];
  const [most] = [...run.errors.values()]
    .filter(({ kind }) => (own === undefined ? kind !== 'exception' : kind === own))
    .sort((a, b) => b.count - a.count);
  return most === undefined
    ? ''
    : ` (${plainLine(most.endpoint)}: ${most.count} × ${most.kind}, ${plainLine(most.sample)})`;
}

function mainException(run: RunData): string {
  const [most] = [...run.errors.values()].filter(({ kind }) => kind === 'exception').sort((a, b) => b.count - a.count);
  return most === undefined ? '' : ` (${most.count} × ${plainLine(most.sample)})`;
}
