/** Lays cells out in columns of a terminal. A table that is too wide first loses its least important columns. */
import { columnsOf, toColumns } from './plain-text.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Of columns too many the highest number goes first; 0 always stays. */
  readonly spare?: number;
}

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface TableParts {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns of the terminal that the table may take. */
  readonly width: number;
  readonly titlePaint: (text: string) => string;
}

const gap = '  ';
/** A name is not cut shorter than this while there are columns to lose. */
const leastName = 20;

/** The first column holds names: it takes what the others leave. Without titles there is no line of titles. */
export function tableLines({ columns, rows, width, titlePaint }: TableParts): string[] {
  const widths = columns.map((column, at) =>
    Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(row[at]?.text ?? ''))),
  );
  const kept = keptColumns(columns, widths, width);
  const others = kept.slice(1).reduce((sum, at) => sum + (widths[at] ?? 0) + gap.length, 0);
  const widthOf = (at: number) =>
    at === 0 ? Math.min(widths[0] ?? 0, Math.max(1, width - others)) : (widths[at] ?? 0);
  const line = (cellAt: (at: number) => Cell) =>
    kept
      .map((at) => {
        const { text, paint } = cellAt(at);
        const laidOut = toColumns(text, widthOf(at), columns[at]?.align);
        const shown = laidOut.trim();
        return paint === undefined || shown === '' ? laidOut : laidOut.replace(shown, () => paint(shown));
      })
      .join(gap)
      .trimEnd();
  const titles = columns.some(({ title }) => title !== '')
    ? [line((at) => ({ text: columns[at]?.title ?? '', paint: titlePaint }))]
    : [];
  return [...titles, ...rows.map((row) => line((at) => row[at] ?? { text: '' }))];
}

function keptColumns(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  const least = Math.min(widths[0] ?? 0, leastName);
  const kept = columns.map((_, at) => at);
  const needed = () => least + kept.slice(1).reduce((sum, at) => sum + (widths[at] ?? 0) + gap.length, 0);
  const sparest = () => kept.slice(1).sort((a, b) => (columns[b]?.spare ?? 0) - (columns[a]?.spare ?? 0))[0];
  while (needed() > width) {
    const goes = sparest();
    if (goes === undefined || (columns[goes]?.spare ?? 0) === 0) break;
    kept.splice(kept.indexOf(goes), 1);
  }
  return kept;
}
