/** What GitHub Actions gets beside the log. Other systems read the log, which needs nothing from us. */
import { appendFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Summary } from '../../load/measure/summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import type { Surroundings } from '../surroundings.ts';
import { errorCommands, findingCommands, mostErrorCommands } from './error-commands.ts';
import { renderJobSummary } from './job-summary.ts';

export interface CiParts {
  readonly runs: readonly ReportedRun[];
  readonly summary: Summary;
  /** Folder that the files of the summary are told from. */
  readonly rootDir: string;
  readonly around: Pick<Surroundings, 'env' | 'write' | 'cwd'>;
}

/** Appends the job summary where the step has one. Rejects when its file cannot be written. */
export async function writeJobSummary({ runs, summary, around }: CiParts): Promise<void> {
  const path = around.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path !== '') await appendFile(path, `${renderJobSummary(runs, summary)}\n`);
}

/** Prints the commands that annotate the changed files, in GitHub Actions only. */
export function writeErrorCommands({ runs, summary, rootDir, around: { env, write, cwd } }: CiParts): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const repository = env['GITHUB_WORKSPACE'] ?? cwd;
  const pathOf = (file: string) => relative(repository, resolve(rootDir, file)).split(sep).join('/');
  const commands = [...findingCommands(summary.findings ?? [], pathOf), ...errorCommands(runs, pathOf)];
  for (const command of commands.slice(0, mostErrorCommands)) write(`${command}\n`);
}
