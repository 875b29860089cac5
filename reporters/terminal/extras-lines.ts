/** Streams, WebSockets and server timing: a table each, of a run that has any. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount } from '../../load/measure/units.ts';
import { plainLine } from '../words/plain-text.ts';
import { extrasTables, type ExtrasTable } from '../words/streams.ts';
import { absent, type Canvas, indent, nameCell } from './section.ts';
import { tableLines } from './table.ts';

/** One block of lines for each table. */
export function extrasLines(summary: Pick<RunSummary, 'endpoints'>, canvas: Canvas): string[][] {
  return extrasTables(summary).map((table) => linesOf(table, canvas));
}

function linesOf({ title, columns, rows, more }: ExtrasTable, { width, paint }: Canvas): string[] {
  const lines = tableLines({
    columns: [{ title, align: 'left' }, ...columns.map((column) => ({ ...column, align: 'right' as const }))],
    rows: rows.map(({ name, cells }) => [
      nameCell(name),
      ...cells.map(({ text, isBad }) => ({
        text: text === undefined ? absent : plainLine(text),
        ...(isBad === true && { paint: paint.bad }),
      })),
    ]),
    width: width - indent.length,
    titlePaint: paint.dim,
  });
  return more > 0 ? [...lines, paint.dim(`and ${formatCount(more)} more`)] : lines;
}
