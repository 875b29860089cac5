/**
 * A run as plain text, for whoever looks at its test while the reporter has not spoken yet: `--ui`, the trace viewer, an
 * editor. It says what the terminal says at the end, in fewer words.
 */
import { hasUnsure, percentileText, unsureWords } from '../measure/carried.ts';
import type { RunData } from '../measure/run-data.ts';
import { finished, lostOf } from '../measure/counts.ts';
import type { TokenSummary } from '../measure/extras-summary.ts';
import type { LatencyStats } from '../measure/histogram.ts';
import { plainLine } from '../measure/plain-line.ts';
import { probeWords } from '../measure/probe-words.ts';
import { traceWords } from '../measure/trace-context.ts';
import { type TracedRequest, tracedRequests } from '../measure/trace-links.ts';
import { type EndpointSummary, figuresOf, type RunFigures } from '../measure/summary.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import { describeThresholds } from '../verdict/describe.ts';
import { errorRows, saidInRow, timeOfRow } from '../verdict/error-rows.ts';
import type { Judgement } from '../verdict/judge.ts';
import { verdictGlyphs } from '../verdict/verdict-order.ts';

const mostEndpoints = 20;
const mostErrors = 10;

export function runText(run: RunData, judgement: Judgement): string {
  const figures = figuresOf(run);
  const { verdict, reason, thresholds } = judgement;
  const told = thresholds.filter((threshold) => threshold.implied !== true || threshold.verdict !== 'passed');
  const checks = [...run.checks].map(([name, { passed, failed }]) => {
    const all = passed + failed;
    return `${verdictGlyphs[failed === 0 ? 'passed' : 'failed']} ${plainLine(name)}  ${formatCount(passed)} of ${formatCount(all)}`;
  });
  const text = [
    `${verdictGlyphs[verdict]} ${verdict}: ${plainLine(reason)}`,
    `${plainLine(figures.profile)} · took ${formatMs(figures.durationMs)}`,
    ...part('', told.length === 0 ? [] : [describeThresholds(run, told)]),
    ...part('', [countsLine(figures), latencyLine('latency', latencyOf(figures))].map(indented)),
    ...part('endpoints', endpointLines(figures).map(indented)),
    ...part('streams', streamLines(figures).map(indented)),
    ...part('WebSockets', socketLines(figures).map(indented)),
    ...part('server timing', timingLines(figures).map(indented)),
    ...part('errors', errorLines(figures).map(indented)),
    ...part('checks', checks.map(indented)),
    ...part('', (figures.probes ?? []).map(probeWords).map(indented)),
    ...part('traces', tracedRequests(run).flatMap(traceLines).map(indented)),
    ...part('', [`generator ${judgement.generator.verdict}: ${plainLine(judgement.generator.reason)}`].map(indented)),
  ].join('\n');
  return `${[text, ...(hasUnsure(text) ? ['', indented(unsureWords)] : [])].join('\n')}\n`;
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [`  ${title}`]), ...lines];
}

function indented(line: string): string {
  return `  ${line}`;
}

function latencyOf({ model, responseMs, serviceMs }: Pick<RunFigures, 'model' | 'responseMs' | 'serviceMs'>) {
  return model === 'open' ? responseMs : serviceMs;
}

function countsLine({ requests, successRate, throughputPerSec }: RunFigures): string {
  const lost = lostOf(requests);
  return [
    `${formatCount(finished(requests))} requests`,
    ...(successRate === undefined ? [] : [`${formatPercent(successRate)} ok`]),
    ...(throughputPerSec === undefined ? [] : [formatRate(throughputPerSec)]),
    ...(lost === 0 ? [] : [`${formatCount(lost)} lost`]),
  ].join(' · ');
}

function latencyLine(name: string, stats: LatencyStats | undefined): string {
  if (stats === undefined) return `${name}  not measured`;
  const figures = (['p50', 'p95', 'p99'] as const).map((each) => `${each} ${percentileText(stats, each)}`);
  return `${name}  ${[...figures, `max ${formatMs(stats.max)}`].join(' · ')}`;
}

function endpointLines({ endpoints, model }: RunFigures): string[] {
  const left = endpoints.length - mostEndpoints;
  const lines = endpoints.slice(0, mostEndpoints).map((endpoint) => endpointLine(endpoint, model));
  return left > 0 ? [...lines, `and ${formatCount(left)} more`] : lines;
}

function endpointLine(endpoint: EndpointSummary, model: RunFigures['model']): string {
  const { name, requests, successRate } = endpoint;
  const ok = successRate === undefined ? '' : ` · ${formatPercent(successRate)} ok`;
  return `${latencyLine(plainLine(name), latencyOf({ ...endpoint, model }))} · ${formatCount(finished(requests))} requests${ok}`;
}

function streamLines({ endpoints }: RunFigures): string[] {
  return endpoints.slice(0, mostEndpoints).flatMap(({ name, stream }) => {
    if (stream === undefined) return [];
    const { streams, events, eventsPerSec, firstEventMs, gapMs, cut, stalled, empty, tokens } = stream;
    const broken = Object.entries({ cut, stalled, empty }).filter(([, count]) => count > 0);
    const parts = [
      `${formatCount(streams)} streams`,
      `${formatCount(events)} events${eventsPerSec === undefined ? '' : `, ${formatRate(eventsPerSec)}`}`,
      ...timesOf('first event', firstEventMs),
      ...timesOf('gap', gapMs),
      ...broken.map(([word, count]) => `${formatCount(count)} ${word}`),
      ...(tokens === undefined ? [] : tokenParts(tokens)),
    ];
    return [`${plainLine(name)}  ${parts.join(' · ')}`];
  });
}

function tokenParts({ count, perSec, timeToFirstTokenMs, interTokenLatencyMs, timePerOutputTokenMs }: TokenSummary) {
  return [
    `${formatCount(count)} tokens${perSec === undefined ? '' : `, ${formatRate(perSec)}`}`,
    ...timesOf('TTFT', timeToFirstTokenMs),
    ...timesOf('ITL', interTokenLatencyMs),
    ...timesOf('TPOT', timePerOutputTokenMs),
  ];
}

function timesOf(what: string, stats: LatencyStats | undefined): string[] {
  if (stats === undefined) return [];
  return [`${what} p50 ${percentileText(stats, 'p50')}, p99 ${percentileText(stats, 'p99')}`];
}

function socketLines({ endpoints }: RunFigures): string[] {
  return endpoints.slice(0, mostEndpoints).flatMap(({ name, socket }) => {
    if (socket === undefined) return [];
    const { opened, sent, received, closes, abnormalCloses } = socket;
    const parts = [
      `${formatCount(opened)} opened`,
      `${formatCount(sent)} messages sent`,
      `${formatCount(received)} received`,
      ...Object.entries(closes).map(([code, count]) => `${formatCount(count)} closed by ${plainLine(code)}`),
      ...(abnormalCloses === 0 ? [] : [`${formatCount(abnormalCloses)} abnormally`]),
    ];
    return [`${plainLine(name)}  ${parts.join(' · ')}`];
  });
}

function timingLines({ endpoints }: RunFigures): string[] {
  return endpoints.slice(0, mostEndpoints).flatMap(({ name, serverTimingMs = {} }) =>
    Object.entries(serverTimingMs)
      .slice(0, mostEndpoints)
      .map(([metric, stats]) => latencyLine(`${plainLine(metric)} of ${plainLine(name)}`, stats)),
  );
}

function errorLines(figures: RunFigures): string[] {
  const { errors } = figures;
  const rows = errorRows(errors, mostErrors);
  const left = errors.length - rows.reduce((sum, row) => sum + row.rows, 0);
  const lines = rows.map((row) =>
    [
      `${formatCount(row.count)} × ${plainLine(row.kind)}`,
      plainLine(row.endpoint),
      timeOfRow(row, figures),
      plainLine(saidInRow(row)),
    ]
      .filter((text) => text !== '')
      .join('  '),
  );
  return left > 0 ? [...lines, `and ${formatCount(left)} more kinds`] : lines;
}

function traceLines({ why, endpoint, serviceMs, startedAt, trace, links }: TracedRequest): string[] {
  const parts = [
    `${formatMs(serviceMs)}  ${why}  ${plainLine(endpoint)}`,
    ...(startedAt === undefined ? [] : [plainLine(startedAt)]),
    ...(trace === undefined ? [] : [plainLine(traceWords(trace))]),
  ];
  return [parts.join('  '), ...[links.trace, links.logs].flatMap((url) => (url === undefined ? [] : [indented(url)]))];
}
