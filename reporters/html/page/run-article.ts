/** One run from its verdict down to its single requests. While a run goes on, it is brought up to date in place. */
import * as echarts from 'echarts/core';
import { unsureMark, unsureWords } from '../../../load/measure/carried.ts';
import { lostOf } from '../../../load/measure/counts.ts';
import { formatDuration, formatNumber } from '../../../load/measure/units.ts';
import { titleOfFinding } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { rateWords } from '../overview-row.ts';
import type { RunView } from '../run-view.ts';
import { addressOf } from './address.ts';
import { articleId } from './article-id.ts';
import { chartFigure, type ChartFigure } from './chart-figure.ts';
import { downloadButtons } from './downloads.ts';
import { element, given, givenWords } from './element.ts';
import { eventList, zoomLine } from './events.ts';
import { endpointsTable } from './endpoints.ts';
import { tagsTable } from './tags.ts';
import { exemplarList } from './exemplars.ts';
import { change, count, ms, percentile, share } from './figures.ts';
import { probesPart } from './probe-part.ts';
import { type ChartName, chartSpecs, notDrawn } from './run-charts.ts';
import { linesOf, socketsTable, streamsTable, tokensTable } from './stream-tables.ts';
import {
  checksTable,
  errorsTable,
  findingMark,
  generatorFacts,
  groupsTable,
  metricsTable,
  peersTable,
  percentilesTable,
  processesTable,
  thresholdsTable,
  verdictMark,
} from './tables.ts';
import { limitsSoFarTable } from './limits-so-far-table.ts';
import { titleParts } from './title-parts.ts';
import { resetZoom } from './zoom.ts';

export interface RunArticle {
  readonly root: HTMLElement;
  update(view: RunView): void;
  dispose(): void;
}

type Block = (view: RunView) => HTMLElement | undefined;

interface Part {
  readonly root: HTMLElement;
  update(view: RunView): void;
}

export function runArticle(first: RunView, findings: readonly FindingSummary[] = []): RunArticle {
  let view = first;
  resetZoom();
  const figures = new Map<ChartName, ChartFigure>();
  const opened: ChartFigure[] = [];
  const specs = chartSpecs(view);
  const chart = (name: ChartName): HTMLElement => {
    const figure = chartFigure(specs[name]);
    figures.set(name, figure);
    return figure.root;
  };
  const zoom = zoomLine();
  const parts: Part[] = [];
  const block = (title: string, render: Block): HTMLElement => {
    const part = sectionOf(title, render, view);
    parts.push(part);
    return part.root;
  };
  const root = element(
    'article',
    { id: articleId, 'aria-label': 'Run', tabindex: -1 },
    block('', (now) => runHead(now, () => view)),
    ...findings.map(findingLink),
    block('', keyFigures),
    block('', notes),
    block('Thresholds', thresholdsTable),
    block('Limits so far', limitsSoFarTable),
    block('What happened', eventList),
    zoom.root,
    element('div', { class: 'charts' }, chart('latency'), chart('cpu'), chart('memory'), chart('eventLoop')),
    element('div', { class: 'charts' }, chart('rate'), chart('load'), chart('statuses'), chart('errors')),
    element('div', { class: 'charts' }, chart('events'), chart('firstEvent'), chart('gap')),
    element('div', { class: 'charts' }, chart('messages'), chart('openSockets')),
    block('', (now) => quietLine(notDrawn(chartSpecs(now), now))),
    block('Pages beside the load', (now) => probesPart(now, opened)),
    block('Endpoints', (now) => (now.endpoints.length === 0 ? undefined : endpointsTable(now, opened))),
    block('Streams', (now) => streamsTable(linesOf(now), 'Endpoint')),
    block('Tokens', (now) => tokensTable(linesOf(now), 'Endpoint')),
    block('Sockets', (now) => socketsTable(linesOf(now), 'Endpoint')),
    element(
      'div',
      { class: 'charts' },
      distribution(chart, block),
      chart('heat'),
      chart('firstEventSpread'),
      chart('gapSpread'),
      chart('phases'),
    ),
    block('Errors', errorsTable),
    block('Checks', checksTable),
    block('Custom metrics', metricsTable),
    block('Groups', groupsTable),
    block('Tags', tagsTable),
    block('Requests to look into', ({ exemplars }) => exemplarList(exemplars)),
    block('Load generator', generatorFacts),
    block('Processes', processesTable),
    block('Addresses', peersTable),
  );
  echarts.connect('run');
  return {
    root,
    update(next) {
      view = next;
      for (const part of parts) if (!part.root.contains(document.activeElement)) part.update(next);
      for (const [name, spec] of Object.entries(chartSpecs(next))) figures.get(name as ChartName)?.update(spec);
    },
    dispose() {
      for (const figure of [...figures.values(), ...opened]) figure.dispose();
      zoom.dispose();
    },
  };
}

function distribution(
  chart: (name: ChartName) => HTMLElement,
  block: (title: string, render: Block) => HTMLElement,
): HTMLElement {
  const figure = chart('distribution');
  figure.append(block('', percentilesTable));
  return figure;
}

/** What no chart shows. */
function quietLine(sentences: readonly string[]): HTMLElement | undefined {
  return sentences.length === 0 ? undefined : element('p', { class: 'hint' }, sentences.join(' '));
}

/** A part with a heading; neither is there while it has nothing to show. */
function sectionOf(title: string, render: Block, first: RunView): Part {
  const root = element('section');
  const update = (view: RunView) => {
    const content = render(view);
    root.hidden = content === undefined;
    root.replaceChildren(...(content === undefined ? [] : [title === '' ? content : foldable(title, content)]));
  };
  update(first);
  return { root, update };
}

/** A part that can be closed, and its address says so. */
function foldable(title: string, content: HTMLElement): HTMLElement {
  const name = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return element(
    'details',
    { class: 'part', 'data-part': name, open: true },
    element('summary', {}, element('h3', {}, title)),
    content,
  );
}

function runHead(view: RunView, current: () => RunView): HTMLElement {
  const { title, project, tags, profile, model, startedAt, durationMs, cores, file, line, state } = view;
  const facts = [
    `${model} model`,
    ...(project === '' ? [] : [project]),
    ...tags,
    ...(file === undefined ? [] : [`${file}:${line ?? 1}`]),
    ...(cores === undefined ? [] : [cores]),
    ...(startedAt === undefined ? [] : [new Date(startedAt).toLocaleString()]),
    ...(durationMs === undefined
      ? []
      : [
          `measured for ${formatDuration(durationMs < 1_000 ? Math.round(durationMs) : Math.round(durationMs / 100) * 100)}`,
        ]),
  ];
  return element(
    'header',
    { class: 'run-head' },
    element('h2', {}, ...titleParts(title)),
    element(
      'p',
      { class: 'sentence' },
      ...(state.kind === 'judged'
        ? [verdictMark(state.verdict), element('span', {}, givenWords(state.reason))]
        : [element('span', { class: 'verdict running' }, '▸ running'), element('span', {}, progressText(state))]),
    ),
    element(
      'p',
      { class: 'about' },
      element('strong', {}, given(profile)),
      ...facts.map((fact) => element('span', {}, given(fact))),
      downloadButtons(current),
    ),
  );
}

/** To a finding that rests on this run. */
function findingLink(finding: FindingSummary): HTMLElement {
  return element(
    'p',
    { class: 'to-finding' },
    'Finding ',
    element('a', { href: addressOf({ kind: 'finding', id: finding.id }) }, given(titleOfFinding(finding))),
    ': ',
    findingMark(finding.verdict),
    ' ',
    given(finding.sentence),
  );
}

function progressText({ elapsedSec, plannedSec }: Extract<RunView['state'], { kind: 'running' }>): string {
  const elapsed = formatDuration(Math.round(Math.min(elapsedSec, plannedSec ?? elapsedSec)) * 1_000);
  if (plannedSec === undefined) return `for ${elapsed}`;
  return `${elapsed} of ${formatDuration(plannedSec * 1_000)}`;
}

function keyFigures(view: RunView): HTMLElement {
  const { requests, latency, baseline } = view;
  const lost = lostOf(requests);
  const figures: {
    name: string;
    value: string;
    note?: string | undefined;
    bad?: boolean;
    more?: string | undefined;
    broad?: boolean;
  }[] = [
    {
      name: 'Requests',
      value: count(requests.started),
      note: requests.dropped > 0 ? `${count(requests.dropped)} dropped` : undefined,
      bad: requests.dropped > 0,
    },
    {
      name: 'Success',
      value: share(view.successRate),
      note: lost > 0 ? `${count(lost)} failed` : undefined,
      bad: lost > 0,
    },
    {
      name: 'Throughput',
      value: rateWords(view),
      note: change(view.throughputPerSec, baseline?.throughputPerSec),
    },
    ...(['p50', 'p95', 'p99', 'max'] as const).map((name) => ({
      name,
      value: name === 'max' ? ms(latency.max) : percentile(latency, name),
      note: change(latency[name], baseline?.latency[name]),
    })),
    iterationsFigure(view),
    ...(view.apdex === undefined ? [] : [{ name: 'Apdex', value: formatNumber(view.apdex) }]),
  ];
  return element(
    'div',
    {},
    element(
      'dl',
      { class: 'key' },
      ...figures.map(({ name, value, note, bad, more, broad }) =>
        element(
          'div',
          { class: broad === true && 'broad' },
          element('dt', {}, name),
          element(
            'dd',
            {},
            value,
            note !== undefined && element('small', { class: bad === true && 'bad' }, note),
            more !== undefined && element('small', {}, more),
          ),
        ),
      ),
    ),
    baseline !== undefined && element('p', { class: 'hint' }, `Changes are against the baseline of ${baseline.label}.`),
    figures.some(({ value }) => value.startsWith(unsureMark)) && element('p', { class: 'hint' }, `${unsureWords}.`),
  );
}

function iterationsFigure({ iterations: { started, failed, durationMs } }: RunView) {
  const took =
    durationMs === undefined
      ? undefined
      : `p50 ${percentile(durationMs, 'p50')}, p95 ${percentile(durationMs, 'p95')}, max ${ms(durationMs.max)}`;
  return {
    name: 'Iterations',
    value: count(started),
    note: failed > 0 ? `${count(failed)} failed` : undefined,
    bad: failed > 0,
    more: took,
    broad: true,
  };
}

function notes(view: RunView): HTMLElement | undefined {
  if (view.notes.length === 0) return undefined;
  return element('ul', { class: 'notes' }, ...view.notes.map((note) => element('li', {}, given(note))));
}
