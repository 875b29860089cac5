/**
 * All accepted runs of a load in one environment as a table, one row each, oldest first: what Apache Otava reads to find
 * change points in the long run, and any spreadsheet.
 */
import { readFileSync } from 'node:fs';
import type { BesidePast } from '../../load/baseline/baseline-series.ts';
import { shortHash } from '../../load/measure/baseline.ts';

const head = 'time,commit,environment,p50_ms,p95_ms,p99_ms,mean_ms,throughput_per_s,error_rate,requests';

/** Beside the baseline; runs of different machines in one table would be changes that are none. */
export function historyPath(baselinePath: string, environment: string): string {
  return baselinePath.replace(/\.json$/, `.${shortHash(environment)}.csv`);
}

/** The table that is there, with one row more. Throws where that is another table, which is left as it is. */
export function withHistoryRow(path: string, { now, environment }: Pick<BesidePast, 'now' | 'environment'>): string {
  const known = textOf(path);
  if (known !== undefined && !known.startsWith(`${head}\n`)) throw new Error(`its first line is not \`${head}\``);
  const { at, commit = '', latencyMs, throughputPerSec, errorRate, requests } = now;
  const row = [
    ...[at, quoted(commit), quoted(environment)],
    ...[latencyMs?.p50, latencyMs?.p95, latencyMs?.p99, latencyMs?.mean].map((value) => value ?? ''),
    ...[throughputPerSec, errorRate, requests],
  ];
  return `${known ?? `${head}\n`}${row.join(',')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
