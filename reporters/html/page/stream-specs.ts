/** The charts of a run's streams and sockets: how much came, how long one waits, how it is spread. */
import { carries, percents, unsureMark } from '../../../load/measure/carried.ts';
import { formatCount, formatMs } from '../../../load/measure/units.ts';
import { distributionChart } from '../charts/distribution-chart.ts';
import { eventsChart, messagesChart, openSocketsChart, streamTimeChart } from '../charts/stream-charts.ts';
import type { Distribution } from '../chart-data/distribution.ts';
import { streamPercentiles } from '../chart-data/shown-percentiles.ts';
import type { StreamTimeColumns } from '../chart-data/stream-columns.ts';
import type { RunView } from '../run-view.ts';
import type { ChartSpec } from './chart-figure.ts';
import { distributionTip, figureRows, rateRows, timeTip, type TipRow } from './tips.ts';

export type StreamChartName =
  'events' | 'firstEvent' | 'gap' | 'firstEventSpread' | 'gapSpread' | 'messages' | 'openSockets';

type Specs = Record<StreamChartName, ChartSpec>;

/** They share cursor and zoom with the run's other charts. */
const group = 'run';

export function streamSpecs(view: RunView): Specs {
  return { ...flowSpecs(view), ...waitSpecs(view), ...socketSpecs(view) };
}

function flowSpecs({ charts }: RunView): Pick<Specs, 'events'> {
  const { streams } = charts;
  const tokens = streams?.tokensPerSec !== undefined;
  return {
    events: {
      title: tokens ? 'Events and tokens per second' : 'Events per second',
      hint: 'of streams, by when they came',
      summary: `events${tokens ? ' and tokens' : ''} of all streams, second by second`,
      option:
        streams === undefined || charts.axis.points < 2
          ? undefined
          : (palette) => eventsChart(charts, streams, palette),
      tip:
        streams === undefined
          ? noTip
          : timeTip(
              streams.axis,
              rateRows(streams.axis, [
                { name: 'events', perSec: streams.eventsPerSec },
                { name: 'tokens', perSec: streams.tokensPerSec },
              ]),
            ),
      height: 180,
      wide: true,
      group,
    },
  };
}

function waitSpecs(view: RunView): Pick<Specs, 'firstEvent' | 'gap' | 'firstEventSpread' | 'gapSpread'> {
  const from = view.model === 'open' ? 'from the intended start' : 'from the first byte sent';
  const { streams } = view.charts;
  return {
    firstEvent: timeSpec(view, streams?.firstEvent, {
      title: 'First event',
      hint: `${from}, by when it came`,
      of: 'streams',
    }),
    gap: timeSpec(view, streams?.gap, { title: 'Gap', hint: 'between two events that follow each other', of: 'gaps' }),
    firstEventSpread: spreadSpec(streams?.firstEvent.distribution, {
      title: 'Distribution of first event',
      hint: 'share of streams, log axis',
    }),
    gapSpread: spreadSpec(streams?.gap.distribution, { title: 'Distribution of gap', hint: 'share of gaps, log axis' }),
  };
}

function timeSpec(
  { charts }: RunView,
  columns: StreamTimeColumns | undefined,
  { title, hint, of }: { readonly title: string; readonly hint: string; readonly of: string },
): ChartSpec {
  const axis = charts.streams?.axis;
  const shared = { title, hint, group };
  if (columns === undefined || axis === undefined || columns.p50.every((value) => value === null))
    return { ...shared, summary: 'nothing was measured', option: undefined, tip: noTip };
  return {
    ...shared,
    summary: wholeWords(columns.distribution),
    option: charts.axis.points < 2 ? undefined : (palette) => streamTimeChart(charts, { axis, columns }, palette),
    tip: timeTip(axis, (point) => timeRows(columns, point, of)),
  };
}

function wholeWords(distribution: Distribution | undefined): string {
  const told = distribution?.percentiles.filter(({ name }) => name === 'p50' || name === 'p99') ?? [];
  return told.length === 0
    ? 'second by second'
    : `${told.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(', ')} over the run`;
}

function timeRows(columns: StreamTimeColumns, point: number, of: string): TipRow[] {
  const number = columns.counts[point] ?? 0;
  const rows = streamPercentiles.flatMap((name): TipRow[] => {
    const value = columns[name][point];
    if (value === null || value === undefined) return [];
    return [{ name, value: carries(percents[name], number) ? formatMs(value) : `${unsureMark}${formatMs(value)}` }];
  });
  return [...rows, { name: 'of', value: `${formatCount(number)} ${of}` }];
}

function spreadSpec(
  distribution: Distribution | undefined,
  { title, hint }: { readonly title: string; readonly hint: string },
): ChartSpec {
  if (distribution === undefined) return { title, summary: 'nothing was measured', option: undefined, tip: noTip };
  return {
    title,
    hint,
    summary: distribution.percentiles.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(', '),
    option: (palette, width) => distributionChart({ distribution, palette, width }),
    tip: distributionTip(distribution),
    legend: false,
  };
}

function socketSpecs({ charts }: RunView): Pick<Specs, 'messages' | 'openSockets'> {
  const { sockets } = charts;
  const titles = { messages: 'Messages per second', openSockets: 'Open sockets' };
  if (sockets === undefined || charts.axis.points < 2) {
    const nothing = { summary: 'nothing was measured', option: undefined, tip: noTip };
    return {
      messages: { title: titles.messages, ...nothing },
      openSockets: { title: titles.openSockets, ...nothing },
    };
  }
  const { axis } = sockets;
  return {
    messages: {
      title: titles.messages,
      hint: 'of WebSockets',
      summary: 'messages sent and received, second by second',
      option: (palette) => messagesChart(charts, sockets, palette),
      tip: timeTip(
        axis,
        rateRows(axis, [
          { name: 'received', perSec: sockets.receivedPerSec },
          { name: 'sent', perSec: sockets.sentPerSec },
        ]),
      ),
      group,
    },
    openSockets: {
      title: titles.openSockets,
      hint: 'the most at once',
      summary: 'open WebSockets, second by second',
      option: (palette) => openSocketsChart(charts, sockets, palette),
      tip: timeTip(axis, figureRows([{ name: 'open', values: sockets.open }], formatCount)),
      group,
    },
  };
}

function noTip(): undefined {
  return undefined;
}
