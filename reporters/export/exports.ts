/** The exports that were asked for, each on its own: one that fails takes no other with it. */
import { resolve } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import type { Mishaps } from '../mishaps.ts';
import type { ExportOptions } from '../options.ts';
import type { ReportedRun } from '../reported-run.ts';
import { csvSeries } from './csv-series.ts';
import { hdrLog } from './hdr-log.ts';
import { otlpMetrics } from './otlp-metrics.ts';
import { postOtlp } from './post-otlp.ts';
import { prometheusText } from './prometheus-text.ts';

export interface ExportParts {
  readonly runs: readonly ReportedRun[];
  readonly exports: ExportOptions;
  /** Where files without a path of their own go; undefined when nothing can be written there. */
  readonly outputFolder: string | undefined;
  /** Where a relative path starts. */
  readonly configDir: string;
  readonly mishaps: Mishaps;
}

/** Usual names in the output folder. */
export const exportFiles = { prometheus: 'metrics.prom', csv: 'series.csv', hdr: 'latency.hlog' } as const;

const renderers = { prometheus: prometheusText, csv: csvSeries, hdr: hdrLog } as const;

const kinds = ['prometheus', 'csv', 'hdr'] as const;

/** The files that are to be written. */
export function exportPaths(exports: ExportOptions, folders: { outputFolder: string; configDir: string }): string[] {
  return kinds.flatMap((kind) => {
    const wanted = exports[kind] ?? false;
    return wanted === false ? [] : [pathOf(kind, wanted, folders)];
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
export async function exportRuns({ runs, exports, outputFolder, configDir, mishaps }: ExportParts): Promise<string[]> {
  const written: string[] = [];
  for (const kind of kinds) {
    const wanted = exports[kind] ?? false;
    if (wanted === false) continue;
    if (wanted === true && outputFolder === undefined) continue;
    const path = pathOf(kind, wanted, { outputFolder: outputFolder ?? '', configDir });
    const done = await mishaps.deliver(`\`${path}\` cannot be written`, () => {
      writeWhole(path, renderers[kind](runs));
      return path;
    });
    if (done !== undefined) written.push(done);
  }
  const { otlp } = exports;
  if (otlp !== undefined) {
    const target = typeof otlp === 'string' ? { url: otlp } : otlp;
    await mishaps.deliver('OTLP export', async () => postOtlp(target, otlpMetrics(runs)));
  }
  return written;
}
