/** CPU and memory of the server and of the generator, on the run's time axis: who was the limit. */
import { busyElu } from '../../../load/measure/generator-series.ts';
import { formatMb } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import type { Column } from '../chart-data/time-axis.ts';
import { alongAxis, type DrawnChart, lineOf, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

/** Percent of one core. */
export function cpuChart(data: ChartData, palette: Palette): DrawnChart {
  return processChart(data, palette, {
    format: (value) => `${Number(value.toPrecision(4))} %`,
    ofProcess: ({ cpuPercent }) => cpuPercent,
    ofGenerator: ({ cpuPercent }) => cpuPercent,
  });
}

/** Resident memory in MiB. */
export function memoryChart(data: ChartData, palette: Palette): DrawnChart {
  return processChart(data, palette, {
    format: (value) => (value === 0 ? '0' : formatMb(value)),
    ofProcess: ({ rssMb }) => rssMb,
    ofGenerator: ({ rssMb }) => rssMb,
  });
}

/** Share of the time in which the generator's event loop was busy, and the line from which it is too busy. */
export function eventLoopChart(data: ChartData, palette: Palette): DrawnChart {
  const [first, ...rest] = data.generator.flatMap(({ name, elu }, at) =>
    elu === undefined ? [] : [lineOf({ name, color: colorOf(palette, at) }, alongAxis(data.axis, elu))],
  );
  const markLine = {
    silent: true,
    symbol: 'none',
    data: [
      {
        yAxis: busyElu,
        lineStyle: { color: palette.limit, type: 'solid' as const, width: 1.25 },
        label: { position: 'insideEndTop' as const, color: palette.limit, fontSize: 11, formatter: 'busy' },
      },
    ],
  };
  return timeChart({
    palette,
    axis: data.axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series: first === undefined ? [] : [{ ...first, markLine }, ...rest],
    format: (share) => `${Math.round(share * 100)} %`,
    max: 1,
    flat: true,
  });
}

function processChart(
  data: ChartData,
  palette: Palette,
  parts: {
    readonly format: (value: number) => string;
    readonly ofProcess: (process: ChartData['processes'][number]) => Column;
    readonly ofGenerator: (generator: ChartData['generator'][number]) => Column | undefined;
  },
): DrawnChart {
  const processes = data.processes.map((process, at) =>
    lineOf(
      { name: process.name, color: colorOf(palette, at), width: 2 },
      process.atSec.map((second, index) => [second, parts.ofProcess(process)[index] ?? null]),
    ),
  );
  const generators = data.generator.flatMap((generator) => {
    const column = parts.ofGenerator(generator);
    if (column === undefined) return [];
    return [lineOf({ name: generator.name, color: palette.second, dashed: true }, alongAxis(data.axis, column))];
  });
  return timeChart({
    palette,
    axis: data.axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series: [...processes, ...generators],
    format: parts.format,
    flat: true,
  });
}

function colorOf(palette: Palette, at: number): string {
  return at === 0 ? palette.accent : (palette.series[(at - 1) % palette.series.length] ?? palette.accent);
}
