/** Lays cells out in columns of a terminal. A table that is too wide first loses its least important columns. */
import { columnsOf, toColumns } from '../words/plain-text.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Of columns too many the highest number goes first; 0 always stays. */
  readonly spare?: number;
  /** Takes what the others leave, and is cut if need be. One column does; the first, if none says so. */
  readonly gives?: true;
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
/** The column that gives is not cut shorter than this while there are columns to lose. */
const leastName = 20;

/** Lines of at most `width` columns, as far as what does not give leaves room. Without titles there is no line of titles. */
export function tableLines({ columns, rows, width, titlePaint }: TableParts): string[] {
  const widths = columns.map((column, at) =>
    Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(row[at]?.text ?? ''))),
  );
  const gives = Math.max(
    0,
    columns.findIndex((column) => column.gives === true),
  );
  const kept = keptColumns({ columns, widths, width, gives });
  const others = kept.filter((at) => at !== gives).reduce((sum, at) => sum + (widths[at] ?? 0) + gap.length, 0);
  const widthOf = (at: number) => Math.min(widths[at] ?? 0, at === gives ? Math.max(1, width - others) : width);
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

interface KeptParts {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly width: number;
  readonly gives: number;
}

function keptColumns({ columns, widths, width, gives }: KeptParts): number[] {
  const least = Math.min(widths[gives] ?? 0, leastName);
  const kept = columns.map((_, at) => at);
  const needed = () =>
    kept.filter((at) => at !== gives).reduce((sum, at) => sum + (widths[at] ?? 0) + gap.length, least);
  const spareOf = (at: number | undefined) => (at === undefined ? 0 : (columns[at]?.spare ?? 0));
  while (needed() > width) {
    const goes = kept.filter((at) => at !== gives).sort((a, b) => spareOf(b) - spareOf(a))[0];
    if (goes === undefined || spareOf(goes) === 0) break;
    kept.splice(kept.indexOf(goes), 1);
  }
  return kept;
}
