/** What is said of tests that ran beside a load. The names come as their authors wrote them: whoever prints makes them harmless. */
import { formatCount } from '../../load/measure/units.ts';

/** The others are in `summary.json`. */
const mostNames = 3;

/** `2 tests ran at the same time and took part of this machine: a, b`. */
export function besideWords(beside: readonly string[]): string {
  const noun = beside.length === 1 ? '1 test' : `${formatCount(beside.length)} tests`;
  const more = beside.length > mostNames ? [`and ${formatCount(beside.length - mostNames)} more`] : [];
  const names = [...beside.slice(0, mostNames), ...more].join(', ');
  return `${noun} ran at the same time and took part of this machine: ${names}; with \`workers: 1\` none does`;
}
