/**
 * The job summary of GitHub Actions: the verdict, a row per finding and per run, and what there is to know of those
 * that are not green.
 */
import { carries, unsureMark, unsureWords } from '../../load/measure/carried.ts';
import { finished } from '../../load/measure/counts.ts';
import type { EndpointSummary, RunSummary, Summary } from '../../load/measure/summary.ts';
import type { LatencyStats } from '../../load/measure/histogram.ts';
import { traceWords } from '../../load/measure/trace-context.ts';
import { tracedRequests } from '../../load/measure/trace-links.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../load/measure/units.ts';
import { webAddress } from '../../load/measure/web-address.ts';
import { errorRows, saidInRow, timeOfRow } from '../../load/verdict/error-rows.ts';
import { type JudgedThreshold, receivedText } from '../../load/verdict/judged-threshold.ts';
import { byVerdict, verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { coresWords } from '../words/cores.ts';
import { networkWords } from '../words/network.ts';
import { probeNotes } from '../words/probes.ts';
import { usersNotes } from '../words/users.ts';
import { sloWords } from '../words/slos.ts';
import { extrasTables, type ExtrasTable } from '../words/streams.ts';
import { steadinessWords } from '../words/steadiness.ts';
import { expectedText, impliedWords, isTold } from '../words/thresholds.ts';
import { foldedRuns } from '../words/folded-runs.ts';
import { onceWords } from '../words/once.ts';
import { type OriginPart, originOf } from '../words/surroundings.ts';
import { worstFirst } from '../words/worst-first.ts';
import { findingDetails, findingsTable } from './finding-sections.ts';
import { mermaidLatency } from './latency-chart.ts';
import { folded, type MarkdownColumn, markdownTable, markdownText } from './markdown-text.ts';

/** GitHub refuses a step's whole summary above 1 MiB; half of it leaves room for what other steps write. */
export const mostSummaryBytes = 512 * 1_024;
const mostEndpoints = 30;
const mostErrors = 10;

/** Details of findings come first, then those of the worst runs, and as many as fit. */
export function renderJobSummary(runs: readonly ReportedRun[], summary: Summary, env: NodeJS.ProcessEnv = {}): string {
  const parts = [overview(summary, env)];
  let bytes = Buffer.byteLength(parts[0] ?? '');
  let left = 0;
  const quiet = foldedRuns(summary);
  const details = [
    ...findingDetails(summary.findings ?? []),
    ...runs
      .filter((run) => !quiet.has(run.summary))
      .sort((a, b) => byVerdict(a.summary.verdict, b.summary.verdict))
      .map(runDetails),
  ];
  for (const detail of details) {
    bytes += Buffer.byteLength(detail) + 1;
    if (bytes > mostSummaryBytes) left += 1;
    else parts.push(detail);
  }
  const noun = summary.findings === undefined ? 'runs' : 'findings and runs';
  if (parts.some((part) => part.includes(`| ${markdownText(unsureMark)}`)))
    parts.push(`${markdownText(unsureWords)}\n`);
  if (left > 0) parts.push(`Details of ${formatCount(left)} more ${noun} did not fit; \`summary.json\` has them.\n`);
  return parts.join('\n');
}

/** Rows of the table at the top; the worst are named under it in any case. */
const mostRuns = 500;

function overview(summary: Summary, env: NodeJS.ProcessEnv): string {
  const { verdict, runs, durationMs, findings = [] } = summary;
  const noun = runs.length === 1 ? '1 run' : `${formatCount(runs.length)} runs`;
  const quiet = foldedRuns(summary);
  const shown = runs.filter((run) => !quiet.has(run));
  const answers = findingsTable(findings);
  const sections = [
    `## ${verdictGlyphs[verdict]} Load: ${verdict}`,
    `${noun}${onceWords(runs)} in ${unbroken(formatMs(durationMs))}`,
    ...originLine(summary.environment, env),
    ...(answers === undefined ? [] : [answers]),
    ...(shown.length === 0 && answers !== undefined ? [] : [runTable(shown)]),
    ...(quiet.size === 0 ? [] : [`${formatCount(quiet.size)} of the runs were made for the findings alone`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Branch, commit, author and job; where the job keeps its files there is a link to them. */
function originLine(environment: Summary['environment'], env: NodeJS.ProcessEnv): string[] {
  const parts = originOf(environment, env);
  const job = webAddress(environment.ci?.url);
  const files: OriginPart[] =
    job === undefined || env['GITHUB_ACTIONS'] !== 'true'
      ? []
      : [{ words: 'artifacts', url: `${job.replace(/#.*$/, '')}#artifacts` }];
  const words = [...parts, ...files].map(({ words: text, url }) =>
    url === undefined ? markdownText(text) : `[${markdownText(text)}](${url})`,
  );
  return words.length === 0 ? [] : [words.join(' · ')];
}

/** A figure stays on one line with its unit. */
function unbroken(figure: string): string {
  return figure.replaceAll(' ', '\u00a0');
}

function checksCell({ checks }: RunSummary): string {
  const all = checks.passed + checks.failed;
  if (all === 0) return '–';
  return checks.failed === 0
    ? formatCount(all)
    : unbroken(`${formatCount(checks.failed)} of ${formatCount(all)} failed`);
}

/** What happened when, as the page has it over its charts. */
function eventSection({ events = [] }: RunSummary): string[] {
  return events.length === 0 ? [] : [events.map(({ sentence }) => `- ${markdownText(sentence)}`).join('\n')];
}

/** Of each name, those that failed first; a run whose checks all hold has said so in its row. */
function checkSection({ data }: ReportedRun): string[] {
  const failed = [...data.checks].filter(([, check]) => check.failed > 0).sort(([, a], [, b]) => b.failed - a.failed);
  if (failed.length === 0) return [];
  return [
    markdownTable(
      [left('Check'), right('Failed'), right('Of'), right('Share')],
      failed
        .slice(0, mostErrors)
        .map(([name, check]) => [
          markdownText(name),
          formatCount(check.failed),
          formatCount(check.failed + check.passed),
          unbroken(formatPercent(check.failed / (check.failed + check.passed))),
        ]),
    ),
  ];
}

function runTable(runs: readonly RunSummary[]): string {
  const rest = runs.length > mostRuns ? `\n\nand ${formatCount(runs.length - mostRuns)} more runs` : '';
  const withChecks = runs.some(({ checks }) => checks.passed + checks.failed > 0);
  return `${markdownTable(
    [left('Verdict'), left('Run'), ...(withChecks ? [right('Checks')] : []), ...figureColumns],
    worstFirst(runs)
      .slice(0, mostRuns)
      .map((run) => [
        verdictCell(run),
        titleOf(run),
        ...(withChecks ? [checksCell(run)] : []),
        ...figureCells(run, run.model),
      ]),
  )}${rest}`;
}

function runDetails(run: ReportedRun): string {
  const { summary, judgement, data } = run;
  const { endpoints, errors } = summary;
  const chart = mermaidLatency(data);
  const cores = coresWords(summary);
  const profile = cores === undefined ? summary.profile : `${summary.profile}, ${cores}`;
  const sections = [
    `### ${verdictCell(summary)} · ${titleOf(summary)}`,
    `${markdownText(profile)}: ${markdownText(summary.reason)}`,
    ...thresholdSections(judgement.thresholds),
    ...eventSection(summary),
    ...checkSection(run),
    ...(errors.length === 0 ? [] : [errorTable(summary)]),
    ...[
      ...sloWords(summary),
      ...steadinessWords(summary),
      ...usersNotes(summary),
      ...probeNotes(summary),
      ...networkWords(summary.network),
    ].map(markdownText),
    folded(
      'Endpoints',
      markdownTable(
        [left('Endpoint'), ...figureColumns],
        endpoints
          .slice(0, mostEndpoints)
          .map((endpoint) => [markdownText(endpoint.name), ...figureCells(endpoint, summary.model)]),
      ),
    ),
    ...extrasTables(summary).map(extrasSection),
    ...traceSection(run),
    ...(chart === undefined ? [] : [folded('Latency over time', chart)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Streams, tokens, WebSockets, server timing; nothing of a run of plain requests. */
function extrasSection({ title, columns, rows, more }: ExtrasTable): string {
  const table = markdownTable(
    [left(capital(title)), ...columns.map((column) => right(column.title))],
    rows.map(({ name, cells }) => [
      markdownText(name),
      ...cells.map(({ text }) => (text === undefined ? '–' : unbroken(markdownText(text)))),
    ]),
  );
  return more === 0 ? table : `${table}\n\nand ${formatCount(more)} more`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The slowest requests and some that failed, with the way to their traces and logs. */
function traceSection({ data }: ReportedRun): string[] {
  const traced = tracedRequests(data);
  if (traced.length === 0) return [];
  const rows = traced.map(({ why, endpoint, serviceMs, startedAt, trace, links }) => [
    why,
    markdownText(endpoint),
    unbroken(formatMs(serviceMs)),
    markdownText(startedAt ?? ''),
    [
      ...(trace === undefined
        ? []
        : [links.trace === undefined ? markdownText(traceWords(trace)) : link(traceWords(trace), links.trace)]),
      ...(links.logs === undefined ? [] : [link('logs', links.logs)]),
    ].join(' · '),
  ]);
  const columns = [left(''), left('Request'), right('Took'), left('Sent'), left('Look further')];
  return [folded('Traces', markdownTable(columns, rows))];
}

function link(words: string, url: string): string {
  return `[${markdownText(words)}](${url})`;
}

function thresholdSections(thresholds: readonly JudgedThreshold[]): string[] {
  const told = thresholds.filter(isTold);
  const implied = impliedWords(thresholds);
  return [
    ...(told.length === 0 ? [] : [thresholdTable(told)]),
    ...(implied === undefined ? [] : [markdownText(implied)]),
  ];
}

function thresholdTable(thresholds: readonly JudgedThreshold[]): string {
  const withCulprit = thresholds.some(({ culprit }) => culprit !== undefined);
  return markdownTable(
    [
      ...[left(''), left('Threshold of'), left('Metric'), right('Observed'), left('Expected')],
      ...(withCulprit ? [left('Whose')] : []),
    ],
    thresholds.map((threshold) => [
      verdictGlyphs[threshold.verdict],
      markdownText(threshold.scope),
      markdownText(threshold.metric),
      unbroken(receivedText(threshold)),
      markdownText(expectedText(threshold)),
      ...(withCulprit ? [markdownText(threshold.culprit?.words ?? '')] : []),
    ]),
  );
}

function errorTable(run: RunSummary): string {
  return markdownTable(
    [right('Errors'), left('Kind'), left('Endpoint'), left('When'), left('What it said')],
    errorRows(run.errors, mostErrors).map((row) => [
      formatCount(row.count),
      markdownText(row.kind),
      markdownText(row.endpoint),
      unbroken(timeOfRow(row, run)),
      markdownText(saidInRow(row)),
    ]),
  );
}

const percents = { p50: 50, p95: 95, p99: 99 } as const;
const latencyTitles = ['p50', 'p95', 'p99', 'max'] as const;
const figureColumns: readonly MarkdownColumn[] = ['Requests', 'OK', 'Rate', ...latencyTitles].map(right);

function figureCells(
  part: Pick<EndpointSummary, 'requests' | 'successRate' | 'throughputPerSec' | 'serviceMs' | 'responseMs'>,
  model: RunSummary['model'],
): string[] {
  const stats: LatencyStats | undefined = model === 'open' ? part.responseMs : part.serviceMs;
  return [
    formatCount(finished(part.requests)),
    part.successRate === undefined ? '–' : unbroken(formatPercent(part.successRate)),
    part.throughputPerSec === undefined ? '–' : formatRate(part.throughputPerSec),
    ...latencyTitles.map((key) => (stats === undefined ? '–' : latencyCell(stats, key))),
  ];
}

/** With a mark where the count does not carry it. */
function latencyCell(stats: LatencyStats, key: (typeof latencyTitles)[number]): string {
  const isSure = key === 'max' || carries(percents[key], stats.count);
  return markdownText(isSure ? '' : unsureMark) + unbroken(formatMs(stats[key]));
}

function verdictCell({ verdict }: Pick<RunSummary, 'verdict'>): string {
  return `${verdictGlyphs[verdict]}\u00a0${verdict}`;
}

function titleOf({ title }: RunSummary): string {
  return markdownText(title.join(' › '));
}

function left(title: string): MarkdownColumn {
  return { title, align: 'left' };
}

function right(title: string): MarkdownColumn {
  return { title, align: 'right' };
}
