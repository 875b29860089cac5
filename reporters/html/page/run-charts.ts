/** The charts of a run in the order in which one asks: how fast, how much, what failed, why. */
import { formatCount, formatMb, formatMs, formatRate } from '../../../load/measure/units.ts';
import { distributionChart } from '../charts/distribution-chart.ts';
import { errorsChart } from '../charts/errors-chart.ts';
import { heatChart } from '../charts/heat-chart.ts';
import { latencyChart } from '../charts/latency-chart.ts';
import { loadChart } from '../charts/load-chart.ts';
import { phasesChart, maxPhaseBars, phasesLeftOut } from '../charts/phases-chart.ts';
import { cpuChart, eventLoopChart, memoryChart } from '../charts/processes-chart.ts';
import { rateChart } from '../charts/rate-chart.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import type { Column } from '../chart-data/time-axis.ts';
import type { RunView } from '../run-view.ts';
import type { ChartSpec } from './chart-figure.ts';
import { count, ms, rate } from './figures.ts';
import { distributionTip, heatTip, momentTip, phaseTip, timeTip } from './tips.ts';

export type ChartName =
  'latency' | 'rate' | 'errors' | 'load' | 'heat' | 'distribution' | 'phases' | 'eventLoop' | 'cpu' | 'memory';

const group = 'run';

export function chartSpecs(view: RunView): Record<ChartName, ChartSpec> {
  return { ...timeCharts(view), ...spreadCharts(view), ...processCharts(view) };
}

function timeCharts(
  view: RunView,
): Pick<Record<ChartName, ChartSpec>, 'latency' | 'rate' | 'errors' | 'load' | 'heat'> {
  const { charts: data, latency } = view;
  const { stepSec } = data.axis;
  const timed = data.time === 'response' ? 'response time, from the intended start' : 'service time';
  const measured = has(data.latency.p50);
  const baseline = view.baseline?.latency.p95;
  return {
    latency: {
      title: 'Latency',
      hint: `${timed}, by the second a request was due${stepSec > 1 ? `; ${stepSec} seconds a point` : ''}`,
      summary: `p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)} over the run`,
      option: measured
        ? (palette) => latencyChart({ data, palette, ...(baseline !== undefined && { baselineP95Ms: baseline }) })
        : undefined,
      empty: 'No latency was measured.',
      tip: timeTip(stepSec, formatMs),
      height: 280,
      wide: true,
      group,
      zoom: data.axis.points > 20,
    },
    rate: {
      title: 'Requests per second',
      hint: data.rate.asked === undefined ? 'a closed model: users wait for each response' : 'asked and achieved',
      summary: `${rate(view.throughputPerSec)} succeeded on average`,
      option: data.axis.points > 0 ? (palette) => rateChart(data, palette) : undefined,
      empty: 'Nothing was sent.',
      tip: timeTip(stepSec, formatRate),
      group,
    },
    load: {
      title: data.load.users === undefined ? 'Requests in flight' : 'Requests in flight, and users',
      hint: 'the most at once',
      summary: `at most ${count(most(data.load.inFlight))} in flight`,
      option: has(data.load.inFlight) ? (palette) => loadChart(data, palette) : undefined,
      empty: 'Nothing was sent.',
      tip: timeTip(stepSec, formatCount),
      group,
    },
    errors: {
      title: 'Errors per second',
      hint: 'by kind',
      summary: data.errors.length === 0 ? 'none' : data.errors.map(({ kind }) => kind).join(', '),
      option: data.errors.length > 0 ? (palette) => errorsChart(data, palette) : undefined,
      empty: measured ? 'No request failed.' : 'Nothing was sent.',
      tip: timeTip(stepSec, formatRate),
      group,
    },
    heat: {
      title: 'Heat map of latency',
      hint: 'darker is more requests; rows on a log scale',
      summary: 'number of requests by second and latency',
      option: data.heat.cells.length > 0 ? (palette) => heatChart(data, palette) : undefined,
      empty: 'No latency was measured.',
      tip: heatTip(data),
      height: 200,
      wide: true,
      group,
      legend: false,
    },
  };
}

function spreadCharts(view: RunView): Pick<Record<ChartName, ChartSpec>, 'distribution' | 'phases'> {
  const { distribution, phases } = view.charts;
  return {
    distribution: {
      title: 'Distribution of latency',
      hint: 'share of requests, log axis',
      summary:
        distribution?.percentiles.map(({ name, ms: value }) => `${name} ${formatMs(value)}`).join(', ') ??
        'nothing was measured',
      option: distribution === undefined ? undefined : (palette) => distributionChart({ distribution, palette }),
      empty: 'Shown when the run has ended.',
      tip: distribution === undefined ? () => undefined : distributionTip(distribution),
      legend: false,
    },
    phases: {
      title: 'Where the time goes',
      hint: ['mean per request', phasesLeftOut(phases)].filter((text) => text !== '').join('; '),
      summary: 'mean time per request in each phase, by endpoint; also in the table of endpoints',
      option: phases.length > 0 ? (palette) => phasesChart(phases, palette) : undefined,
      empty: 'Shown when the run has ended.',
      tip: phaseTip(),
      height: 46 + 26 * Math.min(phases.length, maxPhaseBars),
      wide: true,
    },
  };
}

function processCharts({ charts: data }: RunView): Pick<Record<ChartName, ChartSpec>, 'eventLoop' | 'cpu' | 'memory'> {
  const watched = (pick: (columns: ChartData['generator'][number]) => Column | undefined) =>
    data.processes.length > 0 || data.generator.some((columns) => pick(columns) !== undefined);
  const percent = (value: number) => `${Number(value.toPrecision(3))} %`;
  const names = [...data.processes.map(({ name }) => name), ...data.generator.map(({ name }) => name)].join(', ');
  return {
    eventLoop: {
      title: "Generator's event loop",
      hint: 'share of the time it was busy',
      summary: 'above the line the generator itself delays requests',
      option: data.generator.some(({ elu }) => elu !== undefined)
        ? (palette) => eventLoopChart(data, palette)
        : undefined,
      empty: 'The run was too short to sample its generator.',
      tip: timeTip(data.axis.stepSec, (value) => percent(value * 100)),
      group,
    },
    cpu: {
      title: 'CPU',
      hint: 'percent of one core',
      summary: names,
      option: watched(({ cpuPercent }) => cpuPercent) ? (palette) => cpuChart(data, palette) : undefined,
      empty: 'No process was watched.',
      tip: momentTip(percent),
      group,
    },
    memory: {
      title: 'Memory',
      hint: 'resident set',
      summary: names,
      option: watched(({ rssMb }) => rssMb) ? (palette) => memoryChart(data, palette) : undefined,
      empty: 'No process was watched.',
      tip: momentTip(formatMb),
      group,
    },
  };
}

function has(column: Column): boolean {
  return column.some((value) => value !== null);
}

function most(column: Column): number | undefined {
  const values = column.filter((value) => value !== null);
  return values.length === 0 ? undefined : values.reduce((high, value) => Math.max(high, value));
}
