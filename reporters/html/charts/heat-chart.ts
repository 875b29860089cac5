/** Latency over time as a heat map: darker is more requests, on a log scale, so that a few slow ones are seen too. */
import type { CustomSeriesOption } from 'echarts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { rowEdgeMs, rowsPerDecade } from '../chart-data/heat-cells.ts';
import { type ChartOption, type DrawnChart, timeChart } from './chart-option.ts';
import { formatDecade } from './latency-chart.ts';
import type { Palette } from './palette.ts';

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>;

export function heatChart(data: ChartData, palette: Palette): DrawnChart {
  const { heat, axis } = data;
  const most = heat.cells.reduce((high, value, at) => (at % 3 === 2 ? Math.max(high, value) : high), 1);
  const rows: [second: number, row: number, count: number][] = [];
  for (let at = 0; at + 2 < heat.cells.length; at += 3) {
    const [point = 0, row = 0, count = 0] = heat.cells.slice(at, at + 3);
    rows.push([heat.fromSec + point * heat.stepSec, row, count]);
  }
  const option = timeChart({
    palette,
    axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series: [
      {
        type: 'custom',
        name: 'requests',
        renderItem: cellRenderer({ palette, most, stepSec: heat.stepSec, endSec: axis.endSec }),
        encode: { x: 0, y: 1, tooltip: [2] },
        clip: true,
        data: rows,
      },
    ],
    format: String,
  });
  return { ...option, tooltip: { ...option.tooltip, trigger: 'item' }, yAxis: latencyRows(data, palette) };
}

/** A row per step of latency; the labels stand where a power of ten begins. */
function latencyRows({ heat }: ChartData, palette: Palette): NonNullable<ChartOption['yAxis']> {
  return {
    type: 'value',
    min: 0,
    max: Math.max(1, heat.rows),
    interval: 1,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      color: palette.faint,
      fontSize: 11,
      formatter: (row: number) => {
        const step = heat.firstRow + row;
        const few = heat.rows < rowsPerDecade * 1.5;
        const shown = few ? step % (rowsPerDecade / 2) === 0 : step % rowsPerDecade === 0;
        return shown ? formatDecade(Number(rowEdgeMs(step).toPrecision(2))) : '';
      },
    },
  };
}

function cellRenderer({
  palette,
  most,
  stepSec,
  endSec,
}: {
  palette: Palette;
  most: number;
  stepSec: number;
  endSec: number;
}): RenderItem {
  return (_params, api) => {
    const second = Number(api.value(0));
    const row = Number(api.value(1));
    const [left = 0, top = 0] = api.coord([second, row + 1]);
    const [right = 0, bottom = 0] = api.coord([Math.min(second + stepSec, endSec), row]);
    const shade = Math.log(1 + Number(api.value(2))) / Math.log(1 + most);
    const color = palette.heat[Math.min(palette.heat.length - 1, Math.floor(shade * palette.heat.length))];
    return {
      type: 'rect',
      shape: { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) },
      style: { fill: color ?? palette.accent },
    };
  };
}
