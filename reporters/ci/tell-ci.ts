/** What CI systems get beside the log: GitHub Actions, Azure Pipelines and GitLab, each known by its own variables. */
import { appendFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Summary } from '../../load/measure/summary.ts';
import { writeWhole } from '../files/write-whole.ts';
import {
  type BuildError,
  buildErrors,
  errorCommand,
  findingErrors,
  mostErrorCommands,
} from '../markdown/error-commands.ts';
import { renderJobSummary } from '../markdown/job-summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import type { Surroundings } from '../surroundings.ts';
import { issueCommand, uploadSummary } from './azure.ts';
import { codeQualityReport, metricsReport } from './gitlab.ts';

export interface CiParts {
  readonly runs: readonly ReportedRun[];
  readonly summary: Summary;
  /** Folder that the files of the summary are told from. */
  readonly rootDir: string;
  /** Where results are written; absent where nothing can be. */
  readonly outputFolder: string | undefined;
  readonly around: Pick<Surroundings, 'env' | 'write' | 'cwd'>;
}

/** In the output folder: Azure Pipelines takes the first, GitLab the others. */
const ciFiles = { page: 'summary.md', metrics: 'metrics.txt', faults: 'codequality.json' } as const;

/** Those that an earlier run may have left in its folder. */
export function ciPaths(outputFolder: string): string[] {
  return Object.values(ciFiles).map((name) => resolve(outputFolder, name));
}

/** Appends the job summary where the step has one. Rejects when a file cannot be written. */
export async function writeJobSummary({ runs, summary, outputFolder, around: { env, write } }: CiParts): Promise<void> {
  const path = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path !== '') await appendFile(path, `${renderJobSummary(runs, summary, env)}\n`);
  if (isAzure(env) && outputFolder !== undefined) {
    const page = resolve(outputFolder, ciFiles.page);
    writeWhole(page, `${renderJobSummary(runs, summary, env)}\n`);
    write(`${uploadSummary(page)}\n`);
  }
}

/** The reports that a job of GitLab names as artifacts. Throws when a file cannot be written. */
export function writeGitlabReports(parts: CiParts): void {
  const { summary, outputFolder, around } = parts;
  if (around.env['GITLAB_CI'] !== 'true' || outputFolder === undefined) return;
  writeWhole(resolve(outputFolder, ciFiles.metrics), metricsReport(summary));
  writeWhole(resolve(outputFolder, ciFiles.faults), codeQualityReport(errorsOf(parts)));
}

/** Prints the commands that put errors at lines of files, where the log is read for them. */
export function writeErrorCommands(parts: CiParts): void {
  const { env, write } = parts.around;
  const command = env['GITHUB_ACTIONS'] === 'true' ? errorCommand : isAzure(env) ? issueCommand : undefined;
  if (command === undefined) return;
  // GitHub obeys a command at the beginning of a line alone, and another reporter may have left its last one open.
  const commands = errorsOf(parts).slice(0, mostErrorCommands).map(command);
  for (const [at, line] of commands.entries()) write(`${at === 0 ? '\n' : ''}${line}\n`);
}

function isAzure(env: NodeJS.ProcessEnv): boolean {
  return env['TF_BUILD']?.toLowerCase() === 'true';
}

function errorsOf({ runs, summary, rootDir, around: { env, cwd } }: CiParts): BuildError[] {
  const repository = env['GITHUB_WORKSPACE'] ?? env['BUILD_SOURCESDIRECTORY'] ?? env['CI_PROJECT_DIR'] ?? cwd;
  const pathOf = (file: string) => relative(repository, resolve(rootDir, file)).split(sep).join('/');
  return [...findingErrors(summary.findings ?? [], pathOf), ...buildErrors(runs, pathOf)];
}
