/** The exports that were asked for, each on its own: one that fails takes no other with it. */
import { resolve } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import type { Mishaps } from '../mishaps.ts';
import type { ExportOptions } from '../options.ts';
import type { ReportedRun } from '../reported-run.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { csvFindings, findingsPath } from './csv-findings.ts';
import { csvSeries } from './csv-series.ts';
import { hdrLog } from './hdr-log.ts';
import { otlpMetrics } from './otlp-metrics.ts';
import { postOtlp } from './post-otlp.ts';
import { prometheusText } from './prometheus-text.ts';

export interface ExportParts {
  readonly runs: readonly ReportedRun[];
  readonly summary: { readonly findings?: readonly FindingSummary[] };
  readonly exports: ExportOptions;
  /** Where files without a path of their own go; undefined when nothing can be written there. */
  readonly outputFolder: string | undefined;
  /** Where a relative path starts. */
  readonly configDir: string;
  readonly mishaps: Mishaps;
}

/** Usual names in the output folder. */
export const exportFiles = { prometheus: 'metrics.prom', csv: 'series.csv', hdr: 'latency.hlog' } as const;

const kinds = ['prometheus', 'csv', 'hdr'] as const;

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
  const { findings = [] } = summary;
  const written: string[] = [];
  for (const kind of kinds) {
    const wanted = exports[kind] ?? false;
    if (wanted === false) continue;
    if (wanted === true && outputFolder === undefined) continue;
    const path = pathOf(kind, wanted, { outputFolder: outputFolder ?? '', configDir });
    for (const file of filesOf(kind, path, { runs, findings })) {
      const done = await mishaps.deliver(`\`${file.path}\` cannot be written`, () => {
        writeWhole(file.path, file.text());
        return file.path;
      });
      if (done !== undefined) written.push(done);
    }
  }
  const { otlp } = exports;
  if (otlp !== undefined) {
    const target = typeof otlp === 'string' ? { url: otlp } : otlp;
    await mishaps.deliver('OTLP export', async () => postOtlp(target, otlpMetrics(runs, findings)));
  }
  return written;
}

interface Exported {
  readonly runs: readonly ReportedRun[];
  readonly findings: readonly FindingSummary[];
}

interface ExportFile {
  readonly path: string;
  readonly text: () => string;
}

function filesOf(kind: keyof typeof exportFiles, path: string, { runs, findings }: Exported): ExportFile[] {
  switch (kind) {
    case 'prometheus':
      return [{ path, text: () => prometheusText(runs, findings) }];
    case 'csv':
      return [
        { path, text: () => csvSeries(runs) },
        ...(findings.length === 0 ? [] : [{ path: findingsPath(path), text: () => csvFindings(findings) }]),
      ];
    case 'hdr':
      return [{ path, text: () => hdrLog(runs) }];
  }
}
