/** A curve the size of a word: a percentile of an endpoint over time. */
import type { Column } from '../chart-data/time-axis.ts';
import { svgElement } from './element.ts';

const [width, height, margin] = [96, 22, 2];

/** The axis begins at 0, so that the heights of a row can be compared with each other. */
export function spark(column: Column, label: string): SVGElement {
  const high = column.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const x = (at: number) => margin + (at * (width - 2 * margin)) / Math.max(1, column.length - 1);
  const y = (value: number) => height - margin - (value * (height - 2 * margin)) / (high === 0 ? 1 : high);
  let path = '';
  column.forEach((value, at) => {
    if (value === null) return;
    path += `${(column[at - 1] ?? null) === null ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    if ((column[at - 1] ?? null) === null && (column[at + 1] ?? null) === null) path += 'h.1';
  });
  return svgElement(
    'svg',
    { class: 'spark', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    svgElement('path', { d: path === '' ? 'M0 0' : path }),
  );
}
