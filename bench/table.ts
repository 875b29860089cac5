/** Judged readings as a Markdown table whose columns line up, so that it reads in a terminal and pastes into a page. */
import { formatBar, formatFigure } from './figure.ts';
import type { Judged, Outcome } from './judge.ts';

const marks: Readonly<Record<Outcome, string>> = {
  met: '✓ met',
  missed: '✗ missed',
  'no bar': '',
  'not measured': 'not measured',
};

const titles = ['what', 'bar', 'measured', 'min – max', 'of bar', ''] as const;
const rightFrom = 1;

/** Lines of the table; `width` is what the columns need, never less. */
export function tableLines(rows: readonly Judged[]): string[] {
  return alignedTable(titles, rows.map(cellsOf), rightFrom);
}

function cellsOf({ reading, outcome, spread, ofBar }: Judged): string[] {
  const { what, unit, bar } = reading;
  const repeats = reading.kind === 'measured' && reading.values.length > 1 ? spread : undefined;
  return [
    what,
    bar === undefined ? '' : formatBar(bar, unit),
    spread === undefined ? '' : formatFigure(spread.median, unit),
    repeats === undefined ? '' : `${formatFigure(repeats.min, unit)} – ${formatFigure(repeats.max, unit)}`,
    ofBar === undefined ? '' : `${ofBar.toFixed(2)}×`,
    marks[outcome],
  ];
}

/** Notes and reasons, one line each, under the table. */
export function noteLines(rows: readonly Judged[]): string[] {
  return rows.flatMap(({ reading }) => [
    ...(reading.kind === 'not measured' ? [`  ${reading.what}: ${reading.reason}`] : []),
    ...(reading.note === undefined ? [] : [`  ${reading.what}: ${reading.note}`]),
  ]);
}

/** Any table: columns from `rightFrom` on are numbers and end flush, but for the last. */
export function alignedTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  rightFrom: number,
): string[] {
  const widths = heads.map((head, at) => Math.max(3, head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const isRight = (at: number) => at >= rightFrom && at < heads.length - 1;
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (isRight(at) ? (cells[at] ?? '').padStart(width) : (cells[at] ?? '').padEnd(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (isRight(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(heads), rule, ...rows.map(line)];
}
