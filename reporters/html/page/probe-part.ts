/** Pages beside the load: a chart of each, its figures idle and under load, and which rounds failed. */
import type { ProbeStats } from '../../../load/measure/probe-summary.ts';
import { mostControlSlowdown } from '../../../load/measure/probe-summary.ts';
import { type Vital, vitals } from '../../../load/measure/probe-data.ts';
import { formatCount, formatMs, formatNumber, formatPercent } from '../../../load/measure/units.ts';
import { formatSecond } from '../charts/chart-option.ts';
import { idleWidth, probeChart } from '../charts/probe-chart.ts';
import { shorten } from '../charts/shorten.ts';
import type { ProbeColumns } from '../chart-data/probe-columns.ts';
import type { ProbeView } from '../probe-view.ts';
import type { RunView } from '../run-view.ts';
import { chartFigure, type ChartFigure, type ChartSpec, type Stop, type Tip, type TipPoint } from './chart-figure.ts';
import { momentsOf } from './cursor-anchor.ts';
import { element, given, givenWords } from './element.ts';
import { absent } from './figures.ts';
import { sortableTable, type TableColumn } from './sortable-table.ts';

/** `opened` collects the charts that are made, for whoever takes the page apart. */
export function probesPart(view: RunView, opened: ChartFigure[]): HTMLElement | undefined {
  const { probes = [] } = view;
  if (probes.length === 0) return undefined;
  return element('div', { class: 'probes' }, ...probes.map((probe) => probePart(probe, view, opened)));
}

function probePart(probe: ProbeView, view: RunView, opened: ChartFigure[]): HTMLElement {
  const columns = view.charts.probes?.find(({ name }) => name === probe.name);
  const figure = columns === undefined ? undefined : chartFigure(probeSpec(probe, columns, view));
  if (figure !== undefined) opened.push(figure);
  const slow = (probe.controlSlowdown ?? 0) > mostControlSlowdown;
  return element(
    'section',
    { class: 'probe', 'aria-label': `Page ${probe.name}` },
    figure?.root,
    element('p', { class: slow ? 'bad' : 'hint' }, given(roundsWords(probe))),
    figuresTable(probe),
    failures(probe),
  );
}

/** How many rounds there were, and what the control page says of the machine. */
export function roundsWords({ idle, load, controlSlowdown, leftOut }: ProbeView): string {
  const of = ({ rounds, failed }: ProbeView['idle']) =>
    `${formatCount(rounds + failed)}${failed > 0 ? ` (${formatCount(failed)} failed)` : ''}`;
  const counts = `Rounds: ${of(idle)} idle, ${of(load)} under load${leftOut > 0 ? `, ${formatCount(leftOut)} more that are not kept` : ''}.`;
  if (controlSlowdown === undefined)
    return `${counts} The control page told nothing: what the machine adds is not known.`;
  const share = formatPercent(Math.abs(controlSlowdown));
  const how = controlSlowdown === 0 ? 'took as long' : `was ${share} ${controlSlowdown > 0 ? 'slower' : 'quicker'}`;
  const verdict =
    controlSlowdown > mostControlSlowdown
      ? `: beyond ${formatPercent(mostControlSlowdown)} the probe is invalid, since it says nothing of the server.`
      : '.';
  return `${counts} The control page ${how} under load${verdict}`;
}

interface FigureLine {
  readonly name: string;
  readonly isAction: boolean;
  readonly format: (value: number) => string;
  readonly idle: ProbeStats | undefined;
  readonly load: ProbeStats | undefined;
  readonly added: number | undefined;
}

const vitalNames: Readonly<Record<Vital, string>> = { lcp: 'LCP', inp: 'INP', cls: 'CLS', ttfb: 'TTFB' };
const vitalHints: Readonly<Record<Vital, string>> = {
  lcp: 'Largest Contentful Paint',
  inp: 'Interaction to Next Paint',
  cls: 'Cumulative Layout Shift',
  ttfb: 'Time to First Byte',
};

function figureLines({ idle, load, added }: ProbeView): FigureLine[] {
  const actions = new Set([...Object.keys(idle.actions), ...Object.keys(load.actions)]);
  const all = [
    ...vitals.map((vital) => ({
      name: vitalNames[vital],
      isAction: false,
      format: vital === 'cls' ? formatNumber : formatMs,
      idle: idle[vital],
      load: load[vital],
      added: added[vital],
    })),
    ...[...actions].map((name) => ({
      name,
      isAction: true,
      format: formatMs,
      idle: idle.actions[name],
      load: load.actions[name],
      added: added.actions[name],
    })),
  ];
  return all.filter((line) => line.idle !== undefined || line.load !== undefined);
}

function figuresTable(probe: ProbeView): HTMLElement | undefined {
  const rows = figureLines(probe);
  if (rows.length === 0) return undefined;
  const figure = (phase: 'idle' | 'load', name: 'p50' | 'p75' | 'p95' | 'max'): TableColumn<FigureLine> => ({
    head: `${phase === 'idle' ? 'Idle' : 'Load'} ${name}`,
    hint: phase === 'idle' ? 'before the load' : 'while the load ran',
    numeric: true,
    sortBy: (line) => line[phase]?.[name],
    cell: (line) => valueWords(line[phase]?.[name], line),
  });
  return sortableTable<FigureLine>({
    caption: `Figures of page ${probe.name}`,
    rows,
    columns: [
      {
        head: 'Metric',
        sortBy: ({ name }) => name,
        cell: ({ name, isAction }) =>
          isAction
            ? element('span', { class: 'name scope' }, given(name))
            : element('abbr', { title: hintOf(name) }, name),
      },
      figure('idle', 'p50'),
      figure('idle', 'max'),
      figure('load', 'p50'),
      figure('load', 'p75'),
      figure('load', 'p95'),
      figure('load', 'max'),
      {
        head: 'Added',
        hint: 'median under load less median idle',
        numeric: true,
        sortBy: ({ added }) => added,
        cell: addedWords,
      },
    ],
  });
}

function hintOf(name: string): string | undefined {
  const vital = vitals.find((each) => vitalNames[each] === name);
  return vital === undefined ? undefined : vitalHints[vital];
}

function valueWords(value: number | undefined, { format }: FigureLine): string {
  return value === undefined ? absent : format(value);
}

/** `+300 ms`. */
function addedWords({ added, format }: FigureLine): string {
  if (added === undefined) return absent;
  return added === 0 ? '±0' : `${added > 0 ? '+' : '−'}${format(Math.abs(added))}`;
}

function failures({ failures: told, failuresLeftOut }: ProbeView): HTMLElement | undefined {
  if (told.length === 0) return undefined;
  return element(
    'ul',
    { class: 'failed-rounds' },
    ...told.map(({ words, count, firstAtMs, phase }) => {
      const when = phase === 'idle' ? 'idle' : `at ${formatSecond(Math.round(firstAtMs / 100) / 10)}`;
      const which = count === 1 ? `Failed round ${when}: ` : `${formatCount(count)} failed rounds, the first ${when}: `;
      return element('li', {}, element('span', { class: 'bad' }, which), givenWords(words));
    }),
    failuresLeftOut > 0 && element('li', {}, `${formatCount(failuresLeftOut)} failed rounds of other causes`),
  );
}

const longestTitle = 60;

function probeSpec(probe: ProbeView, columns: ProbeColumns, { charts }: RunView): ChartSpec {
  const lcp = probe.load.lcp?.p75;
  return {
    title: `Page: ${shorten(probe.name, longestTitle)}`,
    hint: 'each round; idle rounds at the left',
    summary: `${roundsWords(probe)}${lcp === undefined ? '' : ` LCP p75 under load ${formatMs(lcp)}.`} Also in the table`,
    option:
      columns.lines.length === 0 && columns.failedLoad.length === 0 && columns.failedIdle.length === 0
        ? undefined
        : (palette, width) => probeChart({ frame: charts, probe: columns, palette, width }),
    tip: roundTip,
    height: 240,
    wide: true,
    group: 'run',
    moments: momentsOf(charts.axis),
    beside: (width) => idleWidth(columns, width),
    stops: stopsOf(columns),
  };
}

/** What one round took; an idle one is known by its number. */
function roundTip(points: readonly TipPoint[]): Tip | undefined {
  const [first] = points;
  const at = first?.values[0];
  if (typeof at !== 'number') return undefined;
  const rows = points.flatMap(({ name, values, color }) => {
    if (name === 'failed round') return values[0] === at ? [{ name, value: '✗', color }] : [];
    return typeof values[1] === 'number' && name !== '' ? [{ name, value: formatMs(values[1]), color }] : [];
  });
  if (rows.length === 0) return undefined;
  return { head: first?.values[2] === 'idle' ? `idle round ${at}` : formatSecond(Math.round(at * 10) / 10), rows };
}

/** The idle rounds, then those under load; the series of both stand behind each other in this order in the chart. */
function stopsOf({ lines, atSec, failedIdle, failedLoad }: ProbeColumns): Stop[] {
  const rounds = (phase: 'idle' | 'load') => {
    const failed = phase === 'idle' ? failedIdle : failedLoad;
    const count = Math.max(0, ...lines.map((line) => line[phase].length), ...failed.map((at) => at + 1));
    return Array.from({ length: count }, (_, round): Stop => {
      const place = phase === 'idle' ? round + 1 : (atSec[round] ?? 0);
      const values = (value: number | null) => [place, value, ...(phase === 'idle' ? ['idle'] : [])];
      const points: TipPoint[] = lines.map((line) => ({
        name: line.name,
        category: '',
        values: values(line[phase][round] ?? null),
        color: '',
      }));
      const fault = { name: 'failed round', category: '', values: values(0), color: '' };
      return {
        seriesIndex: phase === 'idle' ? lines.length + 1 : 0,
        dataIndex: round,
        points: failed.includes(round) ? [fault, ...points] : points,
      };
    });
  };
  return [...rounds('idle'), ...rounds('load')];
}
