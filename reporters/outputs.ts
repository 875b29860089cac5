/** Everything that becomes of the collected runs, one thing after the other, none of which can stop the next. */
import { mkdir, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Summary } from '../load/measure/summary.ts';
import { annotateResult } from './annotations/annotate-result.ts';
import type { CollectedRun } from './collect/report-group.ts';
import { exportRuns } from './export/exports.ts';
import { writeErrorCommands, writeJobSummary } from './markdown/continuous-integration.ts';
import type { Mishaps } from './mishaps.ts';
import type { ResolvedOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import { renderSummary } from './terminal/summary-lines.ts';

export interface OutputParts {
  readonly runs: readonly CollectedRun[];
  readonly summary: Summary;
  readonly options: ResolvedOptions;
  readonly around: Surroundings;
  readonly mishaps: Mishaps;
  /** Where relative paths of options start. */
  readonly configDir: string;
  /** Folder that the files of the summary are told from. */
  readonly rootDir: string;
}

/** Files first, so that the terminal can name them, then what other reporters show, then the terminal and CI. */
export async function showRuns(parts: OutputParts): Promise<void> {
  const { options, mishaps } = parts;
  const files = await writeFiles(parts);
  if (options.annotate) await annotate(parts);
  await mishaps.contain('the terminal summary failed', () => print(parts, files));
  await tellCi(parts);
}

async function writeFiles({ runs, summary, options, mishaps, configDir }: OutputParts): Promise<string[]> {
  const outputFolder = resolve(configDir, options.outputFolder);
  const path = resolve(outputFolder, 'summary.json');
  const written = await mishaps.contain(`\`${outputFolder}\` cannot be written`, async () => {
    await mkdir(outputFolder, { recursive: true });
    await writeFile(path, `${JSON.stringify(summary, undefined, 2)}\n`);
    return [path];
  });
  const exported = await exportRuns({ runs, exports: options.exports, outputFolder, configDir, mishaps });
  return [...(written ?? []), ...exported];
}

async function annotate({ runs, mishaps }: OutputParts): Promise<void> {
  for (const run of runs) {
    await mishaps.contain('a test could not be annotated', () => annotateResult(run, {}));
  }
}

function print({ runs, summary, options: { terminal }, around }: OutputParts, files: readonly string[]): void {
  if (terminal === 'off') return;
  const { width, paint, write, cwd } = around;
  const named = files.map((path) => relative(cwd, path));
  write(`${renderSummary({ runs, summary, files: named, detail: terminal }, { width, paint })}\n`);
}

/** Once, from the process that judges: a shard whose rest is elsewhere leaves it to the merge. */
async function tellCi({ runs, summary, rootDir, around, mishaps }: OutputParts): Promise<void> {
  if (runs.every(({ awaitsMerge }) => awaitsMerge)) return;
  const parts = { runs, summary, rootDir, around };
  await mishaps.contain('the job summary cannot be written', async () => writeJobSummary(parts));
  await mishaps.contain('the error annotations failed', () => writeErrorCommands(parts));
}
