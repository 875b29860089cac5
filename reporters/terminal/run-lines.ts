/** One run in the terminal: everything that was measured of it. */
import { finished } from '../../load/measure/counts.ts';
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../load/measure/units.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { coresWords } from '../words/cores.ts';
import { besideLines } from './beside-lines.ts';
import { endpointLines, tagLines } from './endpoint-lines.ts';
import { extrasLines } from './extras-lines.ts';
import { chosenCoresLines, generatorLines, resourceLines } from './health-lines.ts';
import { groupRows, latencyLines, phaseRows, runLatencyRows } from './latency-lines.ts';
import { networkLines } from './network-lines.ts';
import { usersLines } from './users-lines.ts';
import { probeLines } from './probe-lines.ts';
import { checkLines, errorLines, metricLines } from './outcome-lines.ts';
import { verdictPaint } from './paint.ts';
import { columnsOf, cutInside, cutToColumns, plainLine, wrapped } from '../words/plain-text.ts';
import { absent, type Canvas, indent, titled } from './section.ts';
import { sloLines, steadinessLines } from './steadiness-lines.ts';
import { thresholdLines } from './threshold-lines.ts';

/** File and titles with ` › ` between, as Playwright prints a test. */
export function runTitle({ title }: Pick<RunSummary, 'title'>): string {
  return title.map(plainLine).join(' › ');
}

/** Lines of a run, without a line break at the end. */
export function renderRun(run: ReportedRun, canvas: Canvas): string[] {
  const { summary, judgement } = run;
  const multiple = summary.endpoints.length > 1;
  return [
    ...headLines(summary, canvas),
    ...reasonLines(summary, canvas),
    ...titled('thresholds', thresholdLines(judgement.thresholds, canvas), canvas),
    ...table([countsLine(summary, canvas)]),
    ...table(latencyLines('latency', runLatencyRows(summary), canvas)),
    ...table(latencyLines('phase', phaseRows(run), canvas)),
    ...table(latencyLines('group', groupRows(run), canvas)),
    ...(multiple || summary.errors.length > 0 ? table(endpointLines(summary, canvas)) : onlyEndpoint(summary, canvas)),
    ...table(tagLines(summary, canvas)),
    ...extrasLines(summary, canvas).flatMap(table),
    ...titled('errors', errorLines(summary, canvas), canvas),
    ...titled('checks', checkLines(run, canvas), canvas),
    ...titled('metrics', metricLines(run, canvas), canvas),
    '',
    ...sloLines(summary, canvas),
    ...generatorLines(summary, canvas),
    ...chosenCoresLines(summary, canvas),
    ...steadinessLines(summary, canvas),
    ...resourceLines(summary, canvas),
    ...usersLines(summary, canvas),
    ...probeLines(summary, canvas),
    ...networkLines(summary, canvas),
    ...besideLines(summary, canvas),
  ];
}

function table(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map((line) => indent + line)];
}

const mostProjectColumns = 20;

/** Verdict and title, then what was asked for. The project stands at the right where there is room. */
function headLines(summary: RunSummary, { width, paint }: Canvas): string[] {
  const { verdict, project, profile, durationMs } = summary;
  const cores = coresWords(summary);
  const facts = [plainLine(profile), ...(cores === undefined ? [] : [cores]), `took ${formatMs(durationMs)}`];
  const glyph = verdictPaint(paint, verdict)(verdictGlyphs[verdict]);
  const word = verdict === 'passed' ? '' : `${verdict}  `;
  const tag = project === '' ? '' : `[${cutToColumns(plainLine(project), mostProjectColumns)}]`;
  const room = width - 2 - word.length - (tag === '' ? 0 : columnsOf(tag) + 1);
  const title = cutInside(runTitle(summary), room);
  const fill = tag === '' ? '' : ' '.repeat(Math.max(1, room - columnsOf(title) + 1));
  return [
    `${glyph} ${verdictPaint(paint, verdict)(word)}${paint.bold(title)}${fill}${paint.dim(tag)}`,
    indent + paint.dim(cutToColumns(facts.join(' · '), width - indent.length)),
  ];
}

/** Why a run is not simply green; wrapped, since this sentence must be read whole. */
function reasonLines({ verdict, reason }: RunSummary, { width, paint }: Canvas): string[] {
  if (verdict === 'passed') return [];
  return wrapped(plainLine(reason), width - indent.length).map((line) => indent + verdictPaint(paint, verdict)(line));
}

/** `100 requests · 100 % ok · 1,235/s`, then what did not go well. */
function countsLine(summary: RunSummary, { width, paint }: Canvas): string {
  const { requests, successRate, throughputPerSec, iterations, checks } = summary;
  const notOk: [number, string][] = [
    [requests.failed, 'failed'],
    [requests.timedOut, 'timed out'],
    [requests.dropped, 'dropped'],
    [requests.unfinished, 'unfinished'],
    [iterations.failed, iterations.failed === 1 ? 'iteration failed' : 'iterations failed'],
    [checks.failed, checks.failed === 1 ? 'check failed' : 'checks failed'],
  ];
  const good = [
    finished(requests) === 1 ? '1 request' : `${formatCount(finished(requests))} requests`,
    `${successRate === undefined ? absent : formatPercent(successRate)} ok`,
    throughputPerSec === undefined ? absent : formatRate(throughputPerSec),
  ].join(' · ');
  const bad = notOk.flatMap(([count, what]) => (count > 0 ? [`${formatCount(count)} ${what}`] : [])).join(' · ');
  return bad === '' ? good : `${good} · ${paint.bad(cutToColumns(bad, Math.max(10, width - columnsOf(good) - 5)))}`;
}

/** A run of one endpoint has said all about it already, except its name and statuses. */
function onlyEndpoint({ endpoints }: RunSummary, { paint, width }: Canvas): string[] {
  return endpoints.flatMap(({ name, statuses }) => {
    const counts = Object.entries(statuses).map(([status, count]) => `${formatCount(count)} × ${status}`);
    return ['', indent + paint.dim(cutToColumns([plainLine(name), ...counts].join(' · '), width - indent.length))];
  });
}
