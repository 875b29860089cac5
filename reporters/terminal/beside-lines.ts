/** Tests without a load that ran while this one lasted: they took part of the machine, so they are named. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount } from '../../load/measure/units.ts';
import { plainLine } from './plain-text.ts';
import { type Canvas, labelled } from './section.ts';

/** The others are in `summary.json`. */
const mostNames = 3;

export function besideLines({ beside }: Pick<RunSummary, 'beside'>, canvas: Canvas): string[] {
  return beside === undefined ? [] : labelled('beside', besideWords(beside), canvas).map(canvas.paint.fair);
}

/** `2 tests ran at the same time and took part of this machine: a, b`. */
export function besideWords(beside: readonly string[]): string {
  const noun = beside.length === 1 ? '1 test' : `${formatCount(beside.length)} tests`;
  const more = beside.length > mostNames ? [`and ${formatCount(beside.length - mostNames)} more`] : [];
  const names = [...beside.slice(0, mostNames).map(plainLine), ...more].join(', ');
  return `${noun} ran at the same time and took part of this machine: ${names}; with \`workers: 1\` none does`;
}
