/** The charts of a run in the order in which one asks: how fast, what of the machines, how much, what failed, why. */
import { carries, percents, unsureWords } from '../../../load/measure/carried.ts';
import { formatCount, formatDuration, formatMb, formatMs } from '../../../load/measure/units.ts';
import { distributionChart } from '../charts/distribution-chart.ts';
import { heatChart } from '../charts/heat-chart.ts';
import { errorsChart, statusesChart } from '../charts/kinds-chart.ts';
import { latencyChart } from '../charts/latency-chart.ts';
import { loadChart } from '../charts/load-chart.ts';
import { phasesChart, maxPhaseBars, phasesLeftOut } from '../charts/phases-chart.ts';
import { cpuChart, eventLoopChart, memoryChart } from '../charts/processes-chart.ts';
import { rateChart } from '../charts/rate-chart.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { shownPercentiles } from '../chart-data/shown-percentiles.ts';
import type { Column } from '../chart-data/time-axis.ts';
import type { RunView } from '../run-view.ts';
import type { ChartSpec } from './chart-figure.ts';
import { momentsOf } from './cursor-anchor.ts';
import { count, ms, rate } from './figures.ts';
import { type StreamChartName, streamSpecs } from './stream-specs.ts';
import { distributionTip, figureRows, heatTip, latencyRows, momentTip, phaseTip, rateRows, timeTip } from './tips.ts';

export type ChartName =
  | StreamChartName
  | 'latency'
  | 'rate'
  | 'errors'
  | 'statuses'
  | 'load'
  | 'heat'
  | 'distribution'
  | 'phases'
  | 'eventLoop'
  | 'cpu'
  | 'memory';
type Specs<Name extends ChartName> = Record<Name, ChartSpec>;

const group = 'run';
/** Charts of machines stand under the latency, each as flat as it can be read. */
const flat = { wide: true, height: 118, group } as const;

export function chartSpecs(view: RunView): Specs<ChartName> {
  const specs = {
    ...latencyCharts(view),
    ...volumeCharts(view),
    ...kindCharts(view),
    ...spreadCharts(view),
    ...processCharts(view),
    ...streamSpecs(view),
  };
  const moments = momentsOf(view.charts.axis);
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, spec.group === undefined ? spec : { ...spec, moments }]),
  ) as Specs<ChartName>;
}

/** What is not there to be drawn, a sentence each; nothing is said of a run of which nothing is known yet. */
export function notDrawn(specs: Specs<ChartName>, view: RunView): string[] {
  if (view.charts.axis.points === 0 && view.state.kind === 'running') return [];
  const missing = Object.values(specs).flatMap(({ option, missing: why }) => (option === undefined ? (why ?? []) : []));
  return [...new Set(missing)];
}

/** One point is no course. */
function hasCourse({ axis }: ChartData): boolean {
  return axis.points > 1;
}

const noCourse = 'Nothing is drawn over time: the run was over at once.';

function latencyCharts(view: RunView): Specs<'latency' | 'heat'> {
  const { charts: data, latency } = view;
  const timed = data.time === 'response' ? 'response time, from the intended start' : 'service time';
  const measured = hasCourse(data) && has(data.latency.p50);
  const missing = has(data.latency.p50) ? noCourse : 'No latency was measured.';
  const baseline = view.baseline?.latency.p95;
  const hints = [
    `${timed}, by when a request was due`,
    grain(data),
    ...(isUnsure(data) ? ['dotted: too few requests to rest on'] : []),
  ];
  return {
    latency: {
      title: 'Latency',
      hint: hints.filter((text) => text !== '').join('; '),
      summary: `p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)} over the run${isUnsure(data) ? `. ${unsureWords}` : ''}`,
      option: measured
        ? (palette, width) =>
            latencyChart({
              data,
              palette,
              width,
              events: view.events,
              ...(baseline !== undefined && { baselineP95Ms: baseline }),
            })
        : undefined,
      missing,
      tip: timeTip(data.axis, latencyRows(data.latency)),
      height: 280,
      wide: true,
      group,
      zoom: data.axis.points > 20,
    },
    heat: {
      title: 'Heat map of latency',
      hint: 'the stronger the colour, the more requests; log scale',
      summary: 'number of requests by time and latency',
      option: hasCourse(data) && data.heat.cells.length > 0 ? (palette) => heatChart(data, palette) : undefined,
      missing,
      tip: heatTip(data),
      group,
      legend: false,
    },
  };
}

function grain({ axis: { stepSec } }: ChartData): string {
  return stepSec === 1 ? '' : `${formatDuration(stepSec * 1_000)} a point`;
}

function isUnsure({ latency }: ChartData): boolean {
  return latency.counts.some((each) => each > 0 && shownPercentiles.some((name) => !carries(percents[name], each)));
}

function volumeCharts(view: RunView): Specs<'rate' | 'load'> {
  const { charts: data } = view;
  const { axis } = data;
  return {
    rate: {
      title: 'Requests per second',
      hint: data.rate.asked === undefined ? 'a closed model: users wait for each response' : 'asked and achieved',
      summary: `${rate(view.throughputPerSec)} succeeded on average`,
      option: hasCourse(data) ? (palette) => rateChart(data, palette) : undefined,
      missing: axis.points > 0 ? noCourse : 'Nothing was sent.',
      tip: timeTip(
        axis,
        rateRows(axis, [
          { name: 'requests completed', perSec: data.rate.completed },
          { name: 'iterations started', perSec: data.rate.started },
          { name: 'asked', perSec: data.rate.asked, counted: false },
          { name: 'dropped', perSec: data.rate.dropped },
        ]),
      ),
      group,
    },
    load: {
      title: data.load.users === undefined ? 'Requests in flight' : 'Requests in flight, and users',
      hint: 'the most at once',
      summary: `at most ${count(most(data.load.inFlight))} in flight`,
      option: hasCourse(data) && has(data.load.inFlight) ? (palette) => loadChart(data, palette) : undefined,
      tip: timeTip(
        axis,
        figureRows(
          [
            { name: 'in flight', values: data.load.inFlight },
            { name: 'users', values: data.load.users },
          ],
          formatCount,
        ),
      ),
      group,
    },
  };
}

function kindCharts(view: RunView): Specs<'errors' | 'statuses'> {
  const { charts: data, endpoints } = view;
  const { axis } = data;
  const seen = new Set(endpoints.flatMap(({ statuses }) => Object.keys(statuses)));
  const [only] = seen;
  return {
    errors: {
      title: 'Errors per second',
      hint: 'by kind',
      summary: data.errors.map(({ kind }) => kind).join(', '),
      option: hasCourse(data) && data.errors.length > 0 ? (palette) => errorsChart(data, palette) : undefined,
      ...(data.errors.length === 0 && has(data.latency.p50) && { missing: 'No request failed.' }),
      tip: timeTip(
        axis,
        rateRows(
          axis,
          data.errors.map(({ kind, perSec }) => ({ name: kind, perSec })),
        ),
      ),
      group,
    },
    statuses: {
      title: 'Answers per second',
      hint: 'by status, by when a request was due',
      summary: data.statuses.map(({ kind }) => kind).join(', '),
      option: hasCourse(data) && data.statuses.length > 0 ? (palette) => statusesChart(data, palette) : undefined,
      ...(seen.size === 1 && { missing: `Every answer was ${String(only)}.` }),
      tip: timeTip(
        axis,
        rateRows(
          axis,
          data.statuses.map(({ kind, perSec }) => ({ name: kind, perSec })),
        ),
      ),
      group,
    },
  };
}

function spreadCharts(view: RunView): Specs<'distribution' | 'phases'> {
  const { distribution, phases } = view.charts;
  const later = view.state.kind === 'running' ? { missing: 'More is shown when the run has ended.' } : {};
  return {
    distribution: {
      title: 'Distribution of latency',
      hint: 'share of requests, log axis',
      summary:
        distribution?.percentiles.map(({ name, ms: value }) => `${name} ${formatMs(value)}`).join(', ') ??
        'nothing was measured',
      option:
        distribution === undefined
          ? undefined
          : (palette, width) => distributionChart({ distribution, palette, width }),
      ...later,
      tip: distribution === undefined ? () => undefined : distributionTip(distribution),
      legend: false,
    },
    phases: {
      title: 'Where the time goes',
      hint: ['mean per request', phasesLeftOut(phases)].filter((text) => text !== '').join('; '),
      summary: 'mean time per request in each phase, by endpoint; also in the table of endpoints',
      option: phases.length > 0 ? (palette) => phasesChart(phases, palette) : undefined,
      ...later,
      tip: phaseTip(),
      height: 46 + 26 * Math.min(phases.length, maxPhaseBars),
      wide: true,
    },
  };
}

function processCharts({ charts: data }: RunView): Specs<'eventLoop' | 'cpu' | 'memory'> {
  const watched = (
    ofProcess: (columns: ChartData['processes'][number]) => Column,
    ofGenerator: (columns: ChartData['generator'][number]) => Column | undefined,
  ) => hasCourse(data) && [...data.processes.map(ofProcess), ...data.generator.map(ofGenerator)].some(isLine);
  const percent = (value: number) => `${Number(value.toPrecision(3))} %`;
  const names = [...data.processes.map(({ name }) => name), ...data.generator.map(({ name }) => name)].join(', ');
  const loops = data.generator.map(({ elu }) => elu);
  return {
    cpu: {
      title: 'CPU',
      hint: 'percent of one core',
      summary: names,
      option: watched(
        ({ cpuPercent }) => cpuPercent,
        ({ cpuPercent }) => cpuPercent,
      )
        ? (palette) => cpuChart(data, palette)
        : undefined,
      missing: tooFewReadings(data),
      tip: momentTip(data.axis.stepSec, percent),
      ...flat,
    },
    memory: {
      title: 'Memory',
      hint: 'resident set',
      summary: names,
      option: watched(
        ({ rssMb }) => rssMb,
        ({ rssMb }) => rssMb,
      )
        ? (palette) => memoryChart(data, palette)
        : undefined,
      missing: tooFewReadings(data),
      tip: momentTip(data.axis.stepSec, formatMb),
      ...flat,
    },
    eventLoop: {
      title: "Generator's event loop",
      hint: 'share of the time it was busy',
      summary: 'above the line the generator itself delays requests',
      option: hasCourse(data) && loops.some(isLine) ? (palette) => eventLoopChart(data, palette) : undefined,
      missing: tooFewReadings(data),
      tip: timeTip(
        data.axis,
        figureRows(
          data.generator.map(({ name, elu }) => ({ name, values: elu })),
          (value) => percent(value * 100),
        ),
      ),
      ...flat,
    },
  };
}

function tooFewReadings({ processes }: ChartData): string {
  return processes.length === 0
    ? 'No process was watched, and the run was too short to follow its generator.'
    : 'The run was too short to follow what processes took.';
}

function has(column: Column): boolean {
  return column.some((value) => value !== null);
}

/** Two readings at least: one is a dot in an empty frame. */
function isLine(column: Column | undefined): boolean {
  return (column?.filter((value) => value !== null).length ?? 0) > 1;
}

function most(column: Column): number | undefined {
  const values = column.filter((value) => value !== null);
  return values.length === 0 ? undefined : values.reduce((high, value) => Math.max(high, value));
}
