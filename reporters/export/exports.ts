/** The exports that were asked for, each on its own: one that fails takes no other with it. */
import { resolve } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import type { Mishaps } from '../mishaps.ts';
import type { ExportOptions } from '../options.ts';
import type { ReportedRun } from '../reported-run.ts';
import type { Env } from '../../load/measure/source-context.ts';
import type { FindingSummary, Summary } from '../../load/measure/summary.ts';
import { csvFindings, findingsPath } from './csv-findings.ts';
import { csvSeries } from './csv-series.ts';
import { hdrLog } from './hdr-log.ts';
import type { Exported } from './families.ts';
import { openMetricsText } from './open-metrics.ts';
import { prometheusText } from './prometheus-text.ts';
import { sendersOf } from './send-results.ts';

export interface ExportParts {
  readonly runs: readonly (ReportedRun & { readonly awaitsMerge?: boolean })[];
  readonly summary: Pick<Summary, 'findings' | 'environment' | 'startedAt'>;
  readonly around: { readonly env: Env };
  readonly exports: ExportOptions;
  /** Where files without a path of their own go; undefined when nothing can be written there. */
  readonly outputFolder: string | undefined;
  /** Where a relative path starts. */
  readonly configDir: string;
  readonly mishaps: Mishaps;
}

/** Usual names in the output folder. */
export const exportFiles = {
  prometheus: 'metrics.prom',
  openmetrics: 'metrics.openmetrics.txt',
  csv: 'series.csv',
  hdr: 'latency.hlog',
} as const;

const kinds = ['prometheus', 'openmetrics', 'csv', 'hdr'] as const;

/** The files that are to be written. */
export function exportPaths(exports: ExportOptions, folders: { outputFolder: string; configDir: string }): string[] {
  return kinds.flatMap((kind) => {
    const wanted = exports[kind] ?? false;
    if (wanted === false) return [];
    const path = pathOf(kind, wanted, folders);
    return kind === 'csv' ? [path, findingsPath(path)] : [path];
  });
}

function pathOf(
  kind: keyof typeof exportFiles,
  wanted: string | true,
  { outputFolder, configDir }: { readonly outputFolder: string; readonly configDir: string },
): string {
  return wanted === true ? resolve(outputFolder, exportFiles[kind]) : resolve(configDir, wanted);
}

/** Paths of the files that were written. */
export async function exportRuns(parts: ExportParts): Promise<string[]> {
  const { runs, summary, exports, outputFolder, configDir, mishaps } = parts;
  const { findings = [], environment, startedAt } = summary;
  const written: string[] = [];
  for (const kind of kinds) {
    const wanted = exports[kind] ?? false;
    if (wanted === false) continue;
    if (wanted === true && outputFolder === undefined) continue;
    const path = pathOf(kind, wanted, { outputFolder: outputFolder ?? '', configDir });
    for (const file of filesOf(kind, path, { runs, findings, environment, startedAt })) {
      const done = await mishaps.deliver(`\`${file.path}\` cannot be written`, () => {
        writeWhole(file.path, file.text());
        return file.path;
      });
      if (done !== undefined) written.push(done);
    }
  }
  await sendResults(parts);
  return written;
}

/** Once, from the process that judges: a shard whose rest is elsewhere leaves it to the merge, as one series has one writer. */
async function sendResults({ runs, summary, around, exports, mishaps }: ExportParts): Promise<void> {
  if (runs.length > 0 && runs.every(({ awaitsMerge }) => awaitsMerge === true)) return;
  const { findings = [], environment, startedAt } = summary;
  const exported = { runs, findings, environment, startedAt, env: around.env };
  for (const { what, send } of sendersOf(exports)) {
    const remarks = await mishaps.deliver(what, async () => send(exported));
    for (const remark of remarks ?? []) mishaps.remark(what, `the receiver took all, and says: ${remark}`);
  }
}

interface ExportFile {
  readonly path: string;
  readonly text: () => string;
}

function filesOf(
  kind: keyof typeof exportFiles,
  path: string,
  exported: Exported & { readonly findings: readonly FindingSummary[] },
): ExportFile[] {
  const { runs, findings } = exported;
  switch (kind) {
    case 'prometheus':
      return [{ path, text: () => prometheusText(exported) }];
    case 'openmetrics':
      return [{ path, text: () => openMetricsText(exported) }];
    case 'csv':
      return [
        { path, text: () => csvSeries(runs) },
        ...(findings.length === 0 ? [] : [{ path: findingsPath(path), text: () => csvFindings(findings) }]),
      ];
    case 'hdr':
      return [{ path, text: () => hdrLog(runs) }];
  }
}
