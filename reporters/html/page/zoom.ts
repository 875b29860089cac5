/**
 * The stretch of time that all charts of a run show: chosen by dragging over any of them, by the slider, by a key or by
 * an event, and given up by a double click, Escape or a button.
 */
import * as echarts from 'echarts/core';
import { gridMargin } from '../charts/chart-option.ts';
import { element } from './element.ts';

/** In percent of the axis. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const whole: Stretch = { start: 0, end: 100 };
/** Nothing is seen in less. */
const least = 0.5;

let shown = whole;
const surfaces = new Set<HTMLElement>();
const listeners = new Set<() => void>();

export function zoomed(): Stretch {
  return shown;
}

export function isZoomed(): boolean {
  return shown.start > 0 || shown.end < 100;
}

/** Tells of each new stretch; the returned function ends that. */
export function onZoom(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A chart says what it shows, by its slider or because it was told. */
export function noteZoom({ start, end }: Stretch): void {
  if (start === shown.start && end === shown.end) return;
  shown = { start, end };
  for (const listener of listeners) listener();
}

/** The whole run again: another run has another axis. */
export function resetZoom(): void {
  zoomTo(whole);
}

/** Charts that are not drawn yet take it up when they are. */
export function zoomTo({ start, end }: Stretch): void {
  const [from, to] = [Math.max(0, Math.min(start, 100 - least)), Math.min(100, Math.max(end, start + least))];
  noteZoom({ start: from, end: to });
  for (const surface of surfaces) {
    const chart = echarts.getInstanceByDom(surface);
    if (chart === undefined) continue;
    chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: 0, start: from, end: to });
    return; // those of its group follow
  }
}

/** Shows so much of what is shown now, about a place in it from 0 to 1. */
export function zoomBy(factor: number, at = 0.5): void {
  const { start, end } = shown;
  const length = Math.min(100, Math.max(least, (end - start) * factor));
  const from = Math.min(100 - length, Math.max(0, start + (end - start - length) * at));
  zoomTo({ start: from, end: from + length });
}

export function moveBy(share: number): void {
  const { start, end } = shown;
  const from = Math.min(100 - (end - start), Math.max(0, start + (end - start) * share));
  zoomTo({ start: from, end: from + end - start });
}

/** Less is a click. */
const leastDragPx = 6;

/** Lets a stretch be chosen by dragging over the chart; a veil over it shows which. The returned function ends that. */
export function zoomByDragging(surface: HTMLElement): () => void {
  surfaces.add(surface);
  const veil = element('div', { class: 'veil' });
  let from: number | undefined;
  const plotLeft = () => gridMargin.left + Number(surface.dataset['beside'] ?? 0);
  const placeOf = ({ clientX }: PointerEvent) => {
    const { left, width } = surface.getBoundingClientRect();
    return Math.min(width - gridMargin.right, Math.max(plotLeft(), clientX - left));
  };
  const isOnChart = ({ clientX, clientY }: PointerEvent) => {
    const box = surface.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const bottom = box.height - Number(surface.dataset['below'] ?? 0);
    return x >= plotLeft() && x <= box.width - gridMargin.right && y < bottom;
  };
  const lay = (to: number, begin: number) => {
    veil.style.left = `${Math.min(begin, to)}px`;
    veil.style.width = `${Math.abs(to - begin)}px`;
  };
  const end = () => {
    from = undefined;
    veil.remove();
  };
  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch' || !isOnChart(event)) return;
    from = placeOf(event);
  });
  surface.addEventListener('pointermove', (event) => {
    if (from === undefined) return;
    if ((event.buttons & 1) === 0) {
      end();
      return;
    }
    const to = placeOf(event);
    if (!veil.isConnected && Math.abs(to - from) >= leastDragPx) {
      surface.append(veil);
      surface.setPointerCapture(event.pointerId);
    }
    lay(to, from);
  });
  surface.addEventListener('pointerup', (event) => {
    const [begin, to] = [from, placeOf(event)];
    end();
    if (begin === undefined || Math.abs(to - begin) < leastDragPx) return;
    const width = surface.clientWidth - plotLeft() - gridMargin.right;
    const at = (x: number) => shown.start + ((shown.end - shown.start) * (x - plotLeft())) / width;
    zoomTo({ start: at(Math.min(begin, to)), end: at(Math.max(begin, to)) });
  });
  surface.addEventListener('pointercancel', end);
  surface.addEventListener('dblclick', (event) => {
    if (isOnChart(event as PointerEvent)) resetZoom();
  });
  return () => surfaces.delete(surface);
}
