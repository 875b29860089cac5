/** The one way in which a figure of a bench is printed: three significant digits, and its unit. */
import type { Bar, Unit } from './reading.ts';

export function formatFigure(value: number, unit: Unit): string {
  const number = Math.abs(value) >= 100 || Number.isInteger(value) ? grouped(value) : significant(value);
  return unit === '/s' || unit === '×' ? `${number}${unit}` : `${number} ${unit}`;
}

export function formatBar({ is, limit }: Bar, unit: Unit): string {
  return `${is} ${formatFigure(limit, unit)}`;
}

const grouped = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

const significant = (value: number) => String(Number(value.toPrecision(3)));
