/** Everything that becomes of the collected runs, one thing after the other, none of which can stop the next. */
import { relative, resolve } from 'node:path';
import type { Summary } from '../load/measure/summary.ts';
import { annotateFinding } from './annotations/annotate-finding.ts';
import { annotateResult } from './annotations/annotate-result.ts';
import type { CollectedFinding } from './collect/collected-finding.ts';
import type { CollectedRun } from './collect/collected-run.ts';
import { exportRuns } from './export/exports.ts';
import { copyOf } from './html/run-link.ts';
import type { ResultFiles } from './files/result-files.ts';
import { slackNotice, teamsNotice } from './ci/notice.ts';
import { writeErrorCommands, writeGitlabReports, writeJobSummary } from './ci/tell-ci.ts';
import { readBaseline } from './read-baseline.ts';
import type { Mishaps } from './mishaps.ts';
import type { ResolvedOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import { renderSummary } from './terminal/summary-lines.ts';

export interface OutputParts {
  readonly runs: readonly CollectedRun[];
  readonly findings: readonly CollectedFinding[];
  readonly summary: Summary;
  readonly options: ResolvedOptions;
  readonly around: Surroundings;
  readonly mishaps: Mishaps;
  readonly files: ResultFiles;
  /** Where relative paths of options start. */
  readonly configDir: string;
  /** Folder that the files of the summary are told from. */
  readonly rootDir: string;
}

/** Files first, so that the terminal can name them, then what other reporters show, then the terminal and CI. */
export async function showRuns(parts: OutputParts): Promise<void> {
  const { runs, options, mishaps } = parts;
  const outputFolder = await writeSummary(parts);
  const page = outputFolder !== undefined && options.html ? await writePage(parts) : undefined;
  const exported = await exportRuns({ ...parts, exports: options.exports, outputFolder });
  if (options.annotate) await annotate(parts, page);
  if (outputFolder !== undefined && !isShare(runs)) await writeNotices(parts);
  const files = [
    ...(outputFolder === undefined ? [] : [parts.files.summaryPath]),
    ...(page === undefined ? [] : [parts.files.pagePath]),
    ...exported,
  ];
  await mishaps.contain('the terminal summary failed', () => print(parts, files));
  await tellCi(parts, outputFolder);
}

/** The output folder, or undefined when nothing can be written there: said once, and not for each file again. */
async function writeSummary({ summary, files, mishaps, configDir, options }: OutputParts): Promise<string | undefined> {
  return mishaps.deliver(`\`${files.summaryPath}\` cannot be written`, () => {
    files.writeSummary(summary);
    return resolve(configDir, options.outputFolder);
  });
}

/** Resolves to what was written. The code for charts is loaded only here, so that suites without load never pay for it. */
async function writePage({
  runs,
  summary,
  options,
  mishaps,
  configDir,
  files,
}: OutputParts): Promise<string | undefined> {
  const baselinePath = options.baseline === undefined ? undefined : resolve(configDir, options.baseline);
  const baseline =
    baselinePath === undefined
      ? undefined
      : await mishaps.contain(`the baseline \`${baselinePath}\` cannot be read`, async () =>
          readBaseline(baselinePath),
        );
  return mishaps.deliver(`\`${files.pagePath}\` cannot be written`, async () => {
    const { renderReportPage } = await import('./html/report-page.ts');
    const page = renderReportPage(runs, summary, baseline === undefined ? {} : { baseline });
    files.writePage(page);
    return page;
  });
}

async function annotate(parts: OutputParts, page: string | undefined): Promise<void> {
  await annotateFindings(parts); // before its runs, as on every surface
  const { runs, mishaps, files } = parts;
  const copy = page === undefined ? undefined : copyOf(page);
  for (const [at, run] of runs.entries()) {
    const svg = await mishaps.contain('a chart could not be drawn', async () => {
      const { renderRunSvg } = await import('./html/run-svg.ts');
      return renderRunSvg(run.data, run.judgement);
    });
    const linkPath =
      copy === undefined
        ? undefined
        : await mishaps.deliver('a link to the page cannot be written', () => files.writeRunLink(run.summary.id, copy));
    const pictures = {
      ...(svg !== undefined && { svg }),
      ...(linkPath !== undefined && { linkPath }),
      ...(at === 0 && page !== undefined && { pagePath: files.pagePath }),
    };
    await mishaps.contain('a test could not be annotated', () => annotateResult(run, pictures));
  }
}

async function annotateFindings({ findings, mishaps }: OutputParts): Promise<void> {
  for (const finding of findings) {
    const svg = await mishaps.contain('a chart could not be drawn', async () => {
      const { renderFindingSvg } = await import('./html/finding-svg.ts');
      return renderFindingSvg(finding.summary);
    });
    await mishaps.contain('a test could not be annotated', () => annotateFinding(finding, svg));
  }
}

function print({ runs, summary, options: { terminal }, around }: OutputParts, files: readonly string[]): void {
  if (terminal === 'off') return;
  const { width, paint, write, cwd } = around;
  const parted = { runs: runs.filter((run) => !run.awaitsMerge), shares: runs.filter((run) => run.awaitsMerge) };
  const named = files.map((path) => relative(cwd, path));
  write(`${renderSummary({ ...parted, summary, files: named, detail: terminal }, { width, paint })}\n`);
}

/** A shard whose rest is elsewhere: it leaves to the merge what is told to others. */
function isShare(runs: readonly CollectedRun[]): boolean {
  return runs.length > 0 && runs.every(({ awaitsMerge }) => awaitsMerge);
}

/** Messages for a chat: small, so they are always there; whoever wants them posts them. */
async function writeNotices({ summary, files, around: { env }, mishaps }: OutputParts): Promise<void> {
  await mishaps.deliver('the notices cannot be written', () =>
    files.writeNotices({ slack: slackNotice(summary, env), teams: teamsNotice(summary, env) }),
  );
}

/** Once, from the process that judges. */
async function tellCi(
  { runs, summary, rootDir, around, mishaps }: OutputParts,
  outputFolder: string | undefined,
): Promise<void> {
  if (runs.length === 0 || isShare(runs)) return;
  const parts = { runs, summary, rootDir, outputFolder, around };
  await mishaps.deliver('the job summary cannot be written', async () => writeJobSummary(parts));
  await mishaps.deliver('the reports for GitLab cannot be written', () => writeGitlabReports(parts));
  await mishaps.contain('the error annotations failed', () => writeErrorCommands(parts));
}
