/** The tables of a run besides its endpoints: thresholds, checks, errors, custom metrics, groups, generator, processes. */
import { unsureMark } from '../../../load/measure/carried.ts';
import { formatMb } from '../../../load/measure/units.ts';
import { saidInRow, timeOfRow } from '../../../load/verdict/error-rows.ts';
import { windowWords } from '../../../load/verdict/when.ts';
import { impliedWords, isTold } from '../../words/thresholds.ts';
import { findingLooks, verdictLooks } from '../verdict-look.ts';
import type { RunView } from '../run-view.ts';
import { element, given, givenWords } from './element.ts';
import { absent, count, inUnit, ms, share } from './figures.ts';
import { sortableTable } from './sortable-table.ts';

export function verdictMark(verdict: keyof typeof verdictLooks): HTMLElement {
  return mark(verdict, verdictLooks[verdict].glyph);
}

export function findingMark(verdict: keyof typeof findingLooks): HTMLElement {
  return mark(verdict, findingLooks[verdict].glyph);
}

function mark(word: string, glyph: string): HTMLElement {
  return element('span', { class: `verdict ${word}` }, element('span', { 'aria-hidden': 'true' }, glyph), ` ${word}`);
}

/** Limits that nobody wrote are named alone where they are met. */
export function thresholdsTable({ thresholds }: RunView): HTMLElement | undefined {
  if (thresholds.length === 0) return undefined;
  const told = thresholds.filter(isTold);
  const implied = impliedWords(thresholds);
  return element(
    'div',
    {},
    told.length > 0 && toldTable(told),
    implied !== undefined &&
      element('p', { class: 'hint implied' }, element('span', { class: 'verdict passed' }, '✓'), ' ', given(implied)),
  );
}

function toldTable(thresholds: RunView['thresholds']): HTMLElement {
  return sortableTable({
    caption: 'Thresholds',
    rows: thresholds,
    columns: [
      { head: 'Verdict', cell: ({ verdict }) => verdictMark(verdict), sortBy: ({ verdict }) => verdict },
      { head: 'Metric', cell: ({ metric }) => element('code', {}, given(metric)), sortBy: ({ metric }) => metric },
      {
        head: 'Of',
        cell: ({ scope }) => element('span', { class: 'name scope' }, given(scope)),
        sortBy: ({ scope }) => scope,
      },
      {
        head: 'Expected',
        numeric: true,
        cell: ({ expected, implied, verdict }) =>
          given(`${expected}${implied === true ? ' (implied)' : ''}${verdict === 'measured' ? ', not judged' : ''}`),
      },
      { head: 'Received', numeric: true, cell: ({ actual, unit, at }) => inUnit(actual, unit) + timeOf(at) },
      ...(thresholds.some(({ culprit }) => culprit !== undefined) ? [whoseColumn] : []),
    ],
  });
}

/** Where, when and whose, of those that were missed. */
const whoseColumn = {
  head: 'Where and when',
  cell: ({ culprit }: RunView['thresholds'][number]) => givenWords(culprit?.words ?? ''),
};

/** Which of several windows it was. */
function timeOf(at: RunView['thresholds'][number]['at']): string {
  return at === undefined ? '' : ` ${windowWords(at)}`;
}

export function checksTable({ checks }: RunView): HTMLElement | undefined {
  if (checks.length === 0) return undefined;
  return sortableTable({
    caption: 'Checks',
    rows: checks,
    columns: [
      {
        head: 'Check',
        cell: ({ name }) => element('span', { class: 'name' }, given(name)),
        sortBy: ({ name }) => name,
      },
      { head: 'Passed', numeric: true, cell: ({ passed }) => count(passed), sortBy: ({ passed }) => passed },
      {
        head: 'Failed',
        numeric: true,
        cell: ({ failed }) => element('span', { class: failed > 0 && 'bad' }, count(failed)),
        sortBy: ({ failed }) => failed,
      },
      {
        head: 'Share',
        numeric: true,
        cell: ({ passed, failed }) => share(passed / (passed + failed)),
        sortBy: ({ passed, failed }) => passed / (passed + failed),
      },
    ],
  });
}

export function errorsTable({ errors, durationMs }: RunView): HTMLElement | undefined {
  if (errors.length === 0) return undefined;
  return sortableTable({
    caption: 'Errors',
    rows: errors,
    columns: [
      { head: 'Kind', cell: ({ kind }) => element('code', {}, given(kind)), sortBy: ({ kind }) => kind },
      {
        head: 'Count',
        numeric: true,
        cell: ({ count: number }) => count(number),
        sortBy: ({ count: number }) => number,
      },
      {
        head: 'Endpoint',
        cell: ({ endpoint }) => element('span', { class: 'name' }, given(endpoint)),
        sortBy: ({ endpoint }) => endpoint,
      },
      {
        head: 'When',
        cell: (error) => timeOfRow(error, { durationMs: durationMs ?? 0 }),
        sortBy: ({ fromMs }) => fromMs,
      },
      {
        head: 'What it said',
        cell: (error) => element('span', { class: 'message' }, given(saidInRow({ ...error, rows: 1 }))),
      },
    ],
  });
}

export function metricsTable({ metrics }: RunView): HTMLElement | undefined {
  if (metrics.length === 0) return undefined;
  return sortableTable({
    caption: 'Custom metrics',
    rows: metrics,
    columns: [
      {
        head: 'Metric',
        cell: ({ name }) => element('span', { class: 'name' }, given(name)),
        sortBy: ({ name }) => name,
      },
      { head: 'Kind', cell: ({ kind }) => kind, sortBy: ({ kind }) => kind },
      {
        head: 'Figures',
        cell: ({ figures }) =>
          element(
            'span',
            { class: 'figures' },
            ...figures.map(([name, value, unit]) =>
              element('span', {}, element('small', {}, name), ` ${inUnit(value, unit)}`),
            ),
          ),
      },
    ],
  });
}

export function groupsTable({ groups }: RunView): HTMLElement | undefined {
  if (groups.length === 0) return undefined;
  const figure = (name: 'mean' | 'p50' | 'p95' | 'p99' | 'max') => ({
    head: name,
    numeric: true,
    cell: ({ latency }: RunView['groups'][number]) => ms(latency[name]),
    sortBy: ({ latency }: RunView['groups'][number]) => latency[name],
  });
  return sortableTable({
    caption: 'Groups',
    rows: groups,
    columns: [
      {
        head: 'Group',
        cell: ({ name }) => element('span', { class: 'name' }, given(name)),
        sortBy: ({ name }) => name,
      },
      {
        head: 'Times',
        numeric: true,
        cell: ({ latency }) => count(latency.count ?? 0),
        sortBy: ({ latency }) => latency.count,
      },
      {
        head: 'Failed',
        numeric: true,
        cell: ({ failed }) => element('span', { class: failed > 0 && 'bad' }, count(failed)),
        sortBy: ({ failed }) => failed,
      },
      ...(['mean', 'p50', 'p95', 'p99', 'max'] as const).map(figure),
    ],
  });
}

export function processesTable({ resources }: RunView): HTMLElement | undefined {
  if (resources.length === 0) return undefined;
  const percent = (value: number | undefined) => share(value === undefined ? undefined : value / 100);
  const memory = (value: number | undefined) => (value === undefined ? absent : formatMb(value));
  return sortableTable({
    caption: 'Processes',
    rows: resources,
    columns: [
      { head: 'Process', cell: ({ name, pid }) => element('span', { class: 'name' }, given(name), ` (${pid})`) },
      { head: 'CPU idle', numeric: true, cell: ({ cpuPercent }) => percent(cpuPercent.baseline) },
      { head: 'mean', hint: 'under load', numeric: true, cell: ({ cpuPercent }) => percent(cpuPercent.mean) },
      { head: 'peak', hint: 'under load', numeric: true, cell: ({ cpuPercent }) => percent(cpuPercent.peak) },
      { head: 'after', hint: 'idle again', numeric: true, cell: ({ cpuPercent }) => percent(cpuPercent.final) },
      { head: 'Memory idle', numeric: true, cell: ({ rssMb }) => memory(rssMb.baseline) },
      { head: 'peak', hint: 'under load or after it', numeric: true, cell: ({ rssMb }) => memory(rssMb.peak) },
      { head: 'after', hint: 'at the end', numeric: true, cell: ({ rssMb }) => memory(rssMb.final) },
    ],
  });
}

export function peersTable({ peers }: RunView): HTMLElement | undefined {
  if (peers.length === 0) return undefined;
  return sortableTable({
    caption: 'Addresses',
    rows: peers,
    columns: [
      {
        head: 'Host',
        cell: ({ host }) => element('span', { class: 'name' }, given(host)),
        sortBy: ({ host }) => host,
      },
      { head: 'Address', cell: ({ address }) => element('code', {}, given(address)), sortBy: ({ address }) => address },
      {
        head: 'Connections',
        numeric: true,
        cell: ({ connections }) => count(connections),
        sortBy: ({ connections }) => connections,
      },
      { head: 'Requests', numeric: true, cell: ({ requests }) => count(requests), sortBy: ({ requests }) => requests },
      {
        head: 'Failed',
        hint: 'attempts to connect',
        numeric: true,
        cell: ({ failedConnects }) => element('span', { class: failedConnects > 0 && 'bad' }, count(failedConnects)),
        sortBy: ({ failedConnects }) => failedConnects,
      },
    ],
  });
}

/** The lines that tell how far the numbers can be trusted. */
export function generatorFacts({ generator, lagMs, serviceMs }: RunView): HTMLElement | undefined {
  if (generator === undefined) return undefined;
  const facts: [string, string][] = [
    ['Event loop', generator.eluMean === undefined ? absent : `${share(generator.eluMean)} busy on average`],
    ['CPU', generator.cpuPercent === undefined ? absent : `${share(generator.cpuPercent / 100)} of one core`],
  ];
  if (lagMs !== undefined)
    facts.push(['Late starts', `p50 ${ms(lagMs.p50)}, p99 ${ms(lagMs.p99)}, at most ${ms(lagMs.max)}`]);
  if (serviceMs !== undefined)
    facts.push([
      'Service time',
      `p50 ${ms(serviceMs.p50)}, p95 ${ms(serviceMs.p95)}, p99 ${ms(serviceMs.p99)}: without the wait for a start`,
    ]);
  return element(
    'div',
    {},
    element('p', {}, element('strong', {}, generator.verdict), `: ${generator.reason}`),
    element(
      'dl',
      { class: 'facts' },
      ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
    ),
  );
}

export function percentilesTable({ charts }: RunView): HTMLElement | undefined {
  const { distribution } = charts;
  if (distribution === undefined) return undefined;
  return element(
    'dl',
    { class: 'percentiles' },
    ...distribution.percentiles.map(({ name, ms: value, unsure }) =>
      element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', {}, `${unsure === true ? unsureMark : ''}${ms(value)}`),
      ),
    ),
  );
}
