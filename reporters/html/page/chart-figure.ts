/**
 * One chart on the page: heading, legend, drawing. It is drawn when it first comes into view, follows the theme and
 * the width, and can be read with the arrow keys; the values under the cursor are then spoken too.
 */
import * as echarts from 'echarts/core';
import type { ChartOption, DrawnChart } from '../charts/chart-option.ts';
import { type Palette } from '../charts/palette.ts';
import { gridMargin, labelledSeconds } from '../charts/chart-option.ts';
import { anchorsIn, anchorsOf } from './cursor-anchor.ts';
import { button, element, given } from './element.ts';
import { currentPalette, onThemeChange } from './theme.ts';
import { isZoomed, moveBy, noteZoom, resetZoom, zoomBy, zoomByDragging, zoomed } from './zoom.ts';

export interface ChartSpec {
  readonly title: string;
  readonly hint?: string;
  /** The chart in one sentence, for those who do not see it. */
  readonly summary: string;
  /** Of a width in pixels. Undefined when there is nothing to draw: the chart is not there, unless its place says why. */
  readonly option: ((palette: Palette, width: number) => DrawnChart) | undefined;
  readonly empty?: string;
  /** What its absence means, to be told once for all. */
  readonly missing?: string;
  readonly tip: (points: readonly TipPoint[]) => Tip | undefined;
  readonly height?: number;
  readonly wide?: boolean;
  /** Charts of one group share their cursor and their zoom. */
  readonly group?: string;
  /** Where the points of the group's time axis stand, in seconds. */
  readonly moments?: readonly number[];
  /** Shows the slider that chooses a stretch of time. */
  readonly zoom?: boolean;
  /** Without a legend where the heading says it all. */
  readonly legend?: boolean;
  /** In pixels of a width: what stands left of the time that all charts share. */
  readonly beside?: (width: number) => number;
  /** Where the arrow keys stop, of lines whose points are not at the same places; else all are read side by side. */
  readonly stops?: readonly Stop[];
}

/** A place on the x axis, with what each line has there. */
export interface Stop {
  readonly seriesIndex: number;
  readonly dataIndex: number;
  readonly points: readonly TipPoint[];
}

export interface TipPoint {
  readonly name: string;
  readonly category: string;
  readonly values: readonly unknown[];
  readonly color: string;
}

export interface Tip {
  readonly head: string;
  readonly rows: readonly { readonly name: string; readonly value: string; readonly color?: string }[];
}

export interface ChartFigure {
  readonly root: HTMLElement;
  update(spec: ChartSpec): void;
  dispose(): void;
}

/** The slider's own room under the chart. */
const sliderHeight = 34;

/** Figures by their drawing surface, so that one observer serves all. */
const waiting = new Map<Element, () => void>();
const nearView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
  },
  { rootMargin: '400px' },
);
const alive = new Set<() => void>();
const repaint = new Map<Element, () => void>();
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const chart = target instanceof HTMLElement ? echarts.getInstanceByDom(target) : undefined;
    chart?.resize();
    chart?.dispatchAction({ type: 'hideTip' }); // it stands where the chart was
    if (chart !== undefined) repaint.get(target)?.(); // what fits has changed
  }
});
onThemeChange(() => {
  for (const redraw of alive) redraw();
});

export function chartFigure(first: ChartSpec): ChartFigure {
  let spec = first;
  const surface = element('div', { class: 'chart', role: 'img', tabindex: 0 });
  const legend = element('div', { class: 'legend' });
  const root = element(
    'figure',
    { class: spec.wide === true ? 'wide' : '' },
    element(
      'figcaption',
      {},
      element('h3', {}, spec.title),
      spec.hint !== undefined && element('span', { class: 'hint' }, spec.hint),
      legend,
    ),
    surface,
  );
  if (spec.zoom === true) surface.dataset['below'] = String(sliderHeight);
  const endDragging = spec.group === undefined ? undefined : zoomByDragging(surface);
  const height = (spec.height ?? 220) + (spec.zoom === true ? sliderHeight : 0);
  surface.style.height = `${height}px`;
  const draw = () => {
    nearView.unobserve(surface);
    waiting.delete(surface);
    paint(spec, surface, legend);
    alive.add(redraw);
    repaint.set(surface, redraw);
  };
  const redraw = () => {
    paint(spec, surface, legend);
  };
  const prepare = () => {
    surface.setAttribute('aria-label', `${spec.title}: ${spec.summary}`);
    root.hidden = spec.option === undefined && spec.empty === undefined;
  };
  prepare();
  readByKeys(surface, () => spec);
  waiting.set(surface, draw);
  nearView.observe(surface);
  resized.observe(surface);
  return {
    root,
    update(next) {
      spec = next;
      prepare();
      if (alive.has(redraw)) redraw();
    },
    dispose() {
      alive.delete(redraw);
      repaint.delete(surface);
      endDragging?.();
      waiting.delete(surface);
      nearView.unobserve(surface);
      resized.unobserve(surface);
      echarts.getInstanceByDom(surface)?.dispose();
    },
  };
}

/** Draws what has not come into view yet: paper has no scrolling. */
export function drawAll(): void {
  for (const draw of [...waiting.values()]) draw();
}

function paint(spec: ChartSpec, surface: HTMLElement, legend: HTMLElement): void {
  if (spec.option === undefined) {
    echarts.getInstanceByDom(surface)?.dispose();
    if (spec.empty === undefined) return;
    surface.classList.add('empty');
    surface.replaceChildren(spec.empty);
    return;
  }
  if (surface.classList.contains('empty')) surface.replaceChildren();
  surface.classList.remove('empty');
  const palette = currentPalette();
  const known = echarts.getInstanceByDom(surface);
  const chart = known ?? echarts.init(surface, null, { renderer: 'svg' });
  const option = spec.option(palette, surface.clientWidth);
  if (spec.beside !== undefined) surface.dataset['beside'] = String(spec.beside(surface.clientWidth));
  chart.setOption(onPage(option, spec, palette), { notMerge: known === undefined, replaceMerge: ['series'] });
  if (known === undefined) {
    if (spec.group !== undefined) chart.group = spec.group;
    chart.on('datazoom', () => {
      relabel(chart);
    });
  }
  if (spec.group !== undefined && isZoomed()) relabel(chart);
  if (spec.legend !== false) fillLegend(legend, option, chart);
}

/** The option with what only a page has: tooltip, legend state, zoom. */
function onPage(option: DrawnChart, spec: ChartSpec, palette: Palette): ChartOption {
  const onTime = spec.group !== undefined;
  return {
    ...option,
    series: [...anchorsOf(option, spec.moments), ...option.series],
    legend: { show: false },
    tooltip: { ...option.tooltip, formatter: (points) => tipElement(spec.tip(pointsOf(points))) },
    ...(onTime && { dataZoom: zooms(spec, palette) }),
    ...(spec.zoom === true &&
      !Array.isArray(option.grid) && { grid: { ...option.grid, bottom: gridMargin.bottom + sliderHeight } }),
  };
}

function zooms(spec: ChartSpec, palette: Palette): NonNullable<ChartOption['dataZoom']> {
  const shared = { xAxisIndex: 0, filterMode: 'none' as const, ...zoomed() };
  if (spec.zoom !== true)
    return [{ type: 'inside', ...shared, zoomOnMouseWheel: false, moveOnMouseMove: false, moveOnMouseWheel: false }];
  return [
    {
      type: 'slider',
      ...shared,
      left: gridMargin.left,
      right: gridMargin.right,
      height: 18,
      handleSize: '130%',
      bottom: 6,
      brushSelect: false,
      showDetail: false,
      borderColor: palette.grid,
      backgroundColor: 'transparent',
      fillerColor: palette.shade,
      dataBackground: { lineStyle: { color: palette.second, width: 0.75 }, areaStyle: { color: palette.shade } },
      selectedDataBackground: {
        lineStyle: { color: palette.accent, width: 0.75 },
        areaStyle: { color: palette.shade },
      },
      handleStyle: { color: palette.background, borderColor: palette.second },
      moveHandleStyle: { color: palette.second, opacity: 0.35 },
      moveHandleSize: 4,
      emphasis: { handleStyle: { borderColor: palette.accent }, moveHandleStyle: { color: palette.accent } },
    },
  ];
}

/** A shorter stretch of time has room for finer labels. */
function relabel(chart: echarts.ECharts): void {
  const option = chart.getOption() as {
    xAxis?: { min?: number; max?: number }[];
    dataZoom?: { start?: number; end?: number }[];
  };
  const [axis] = option.xAxis ?? [];
  const [zoom] = option.dataZoom ?? [];
  const { min, max } = axis ?? {};
  if (min === undefined || max === undefined) return;
  const at = (percent: number) => min + ((max - min) * percent) / 100;
  const { start = 0, end = 100 } = zoom ?? {};
  noteZoom({ start, end });
  const shown = labelledSeconds(at(start), at(end));
  chart.setOption({ xAxis: { axisLabel: { customValues: shown } } });
}

function fillLegend(legend: HTMLElement, option: DrawnChart, chart: echarts.ECharts): void {
  const off = new Set([...legend.querySelectorAll('[aria-pressed=false]')].map((entry) => entry.textContent));
  const names = option.series.map(({ name }) => String(name ?? ''));
  // A series without a name draws marks; one of a name that was there goes with the first.
  const entries = option.series.filter((_, at) => names[at] !== '' && names.indexOf(names[at] ?? '') === at);
  legend.replaceChildren(
    ...entries.map(({ name, ...style }) => {
      const label = String(name ?? '');
      const key = element('i');
      const color = (style as { itemStyle?: { color?: unknown } }).itemStyle?.color;
      key.style.background = typeof color === 'string' ? color : 'currentColor';
      const entry = button(key, () => {
        const shown = entry.getAttribute('aria-pressed') !== 'true';
        entry.setAttribute('aria-pressed', String(shown));
        chart.dispatchAction({ type: shown ? 'legendSelect' : 'legendUnSelect', name: label });
      });
      entry.setAttribute('aria-pressed', String(!off.has(label)));
      entry.append(given(label));
      return entry;
    }),
  );
}

function pointsOf(points: unknown): TipPoint[] {
  return [points].flat().map((point) => {
    const { seriesName, name, value, color } = point as Record<string, unknown>;
    return {
      name: typeof seriesName === 'string' ? seriesName : '',
      category: typeof name === 'string' ? name : '',
      values: Array.isArray(value) ? (value as unknown[]) : [value],
      color: typeof color === 'string' ? color : '',
    };
  });
}

function tipElement(tip: Tip | undefined): HTMLElement | string {
  if (tip === undefined) return '';
  return element(
    'div',
    { class: 'tip' },
    element('strong', {}, given(tip.head)),
    ...tip.rows.map(({ name, value, color }) => {
      const key = element('i');
      key.style.background = color ?? 'transparent';
      return element('div', {}, key, element('span', {}, given(name)), element('b', {}, value));
    }),
  );
}

/** Left and right go from point to point, plus and minus look closer and from afar, Escape leaves. */
function readByKeys(surface: HTMLElement, spec: () => ChartSpec): void {
  let at = -1;
  surface.addEventListener('keydown', (event) => {
    const chart = echarts.getInstanceByDom(surface);
    if (chart === undefined) return;
    if (event.key === 'Escape') chart.dispatchAction({ type: 'hideTip' });
    if (spec().group !== undefined && zoomByKey(event)) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const before = anchorsIn(chart);
    const stops = spec().stops ?? sideBySide(chart, before);
    at = Math.max(0, Math.min(stops.length - 1, at + (event.key === 'ArrowRight' ? 1 : -1)));
    const stop = stops[at];
    if (stop === undefined) return;
    const { seriesIndex, dataIndex } = stop;
    chart.dispatchAction({ type: 'showTip', seriesIndex: before + seriesIndex, dataIndex });
    const tip = spec().tip(stop.points);
    if (tip !== undefined) say(`${tip.head}: ${tip.rows.map(({ name, value }) => `${name} ${value}`).join(', ')}`);
  });
}

function zoomByKey(event: KeyboardEvent): boolean {
  const acts: Readonly<Record<string, () => void>> = {
    '+': () => zoomBy(0.5),
    '=': () => zoomBy(0.5),
    '-': () => zoomBy(2),
    Escape: resetZoom,
    ...(event.shiftKey && { ArrowLeft: () => moveBy(-0.25), ArrowRight: () => moveBy(0.25) }),
  };
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
  if (act === undefined) return false;
  event.preventDefault();
  act();
  return true;
}

/** The points of all series in their order: they have them at the same places. */
function sideBySide(chart: echarts.ECharts, before: number): Stop[] {
  const series = [(chart.getOption() as ChartOption).series ?? []].flat().slice(before);
  const [first] = series;
  return ((first?.data as readonly unknown[] | undefined) ?? []).map((_, dataIndex) => ({
    seriesIndex: 0,
    dataIndex,
    points: series.map(({ name, data }) => {
      const value = (data as readonly unknown[] | undefined)?.[dataIndex];
      return {
        name: String(name ?? ''),
        category: '',
        values: Array.isArray(value) ? (value as unknown[]) : [value],
        color: '',
      };
    }),
  }));
}

const spoken = element('div', { class: 'unseen', role: 'status' });

function say(text: string): void {
  if (!spoken.isConnected) document.body.append(spoken);
  spoken.textContent = text;
}
