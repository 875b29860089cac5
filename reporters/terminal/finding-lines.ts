/** A finding in the terminal: its verdict and sentence, and the table that it rests on. Its runs are folded under it. */
import { type FindingTable, titleOfFinding } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { formatCount } from '../../load/measure/units.ts';
import { cellOf, findingGlyphs, findingValue, measuredColumns, restsOn } from '../words/findings.ts';
import { columnsOf, cutInside, cutToColumns, plainLine, wrapped } from '../words/plain-text.ts';
import { findingPaint } from './paint.ts';
import { type Canvas, indent, titled } from './section.ts';
import { tableLines } from './table.ts';

/** Rows of a table that are shown; `summary.json` and the page have all. */
const mostRows = 40;
const mostProjectColumns = 20;
/** Where the name of the test would be shorter, its project is left out. */
const leastName = 12;

/** Nothing to explain. */
export function isQuietFinding({ verdict }: Pick<FindingSummary, 'verdict'>): boolean {
  return verdict === 'passed' || verdict === 'measured';
}

/** Lines of a finding, without a line break at the end. */
export function findingLines(finding: FindingSummary, detail: 'full' | 'compact', canvas: Canvas): string[] {
  const { width, paint } = canvas;
  const colour = isQuietFinding(finding) ? (line: string) => line : findingPaint(paint, finding.verdict);
  const rests = restsOn(finding.runs.length);
  const table = detail === 'full' ? tableOf(finding, canvas) : [];
  return [
    headLine(finding, canvas),
    ...wrapped(plainLine(finding.sentence), width - indent.length).map((line) => indent + colour(line)),
    ...titled(rests ?? 'table', table, canvas),
    ...(table.length === 0 && rests !== undefined ? [indent + paint.dim(rests)] : []),
  ];
}

/** `✓ breaking point  stress.spec.ts › the list                          [stress]`. */
function headLine(finding: FindingSummary, { width, paint }: Canvas): string {
  const { verdict, title, project } = finding;
  const what = plainLine(titleOfFinding(finding));
  const word = isQuietFinding(finding) ? '' : `${verdict}  `;
  const head = cutInside(what, Math.max(16, Math.floor(width / 3)));
  const left = width - 2 - word.length - columnsOf(head) - 2;
  const wanted = project === '' ? '' : `[${cutToColumns(plainLine(project), mostProjectColumns)}]`;
  const tag = left - columnsOf(wanted) < leastName ? '' : wanted;
  const room = left - (tag === '' ? 0 : columnsOf(tag) + 1);
  const name = cutInside(title.map(plainLine).join(' › '), room);
  const colour = findingPaint(paint, verdict);
  const fill = tag === '' ? '' : ' '.repeat(Math.max(1, room - columnsOf(name) + 1));
  return `${colour(findingGlyphs[verdict])} ${colour(word)}${paint.bold(head)}  ${name}${fill}${paint.dim(tag)}`;
}

function tableOf({ table }: FindingSummary, { width, paint }: Canvas): string[] {
  if (table === undefined) return [];
  const { rows } = table;
  const shown = measuredColumns(table);
  if (shown.length === 0) return [];
  const gives = roomiest(shown, rows);
  const lines = tableLines({
    columns: shown.map(({ name, unit }, at) => ({
      title: plainLine(name),
      align: unit === 'text' ? 'left' : 'right',
      spare: at,
      ...(at === gives && { gives: true as const }),
    })),
    rows: rows
      .slice(0, mostRows)
      .map((row) => shown.map(({ name, unit }) => ({ text: plainLine(findingValue(cellOf(row, name), unit)) }))),
    width: width - 2 * indent.length,
    titlePaint: paint.dim,
  });
  const more = rows.length - mostRows;
  return more > 0 ? [...lines, paint.dim(`and ${formatCount(more)} more`)] : lines;
}

/** The column of words that takes most room gives it first: half a number is another number. */
function roomiest(columns: FindingTable['columns'], rows: FindingTable['rows']): number {
  const widths = columns.map(({ name, unit }) =>
    unit === 'text' ? Math.max(...rows.map((row) => String(cellOf(row, name) ?? '').length)) : 0,
  );
  return widths.indexOf(Math.max(...widths));
}
