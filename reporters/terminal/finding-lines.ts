/** A finding in the terminal: its verdict and sentence, and the table that it rests on. Its runs are folded under it. */
import { titleOfFinding } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { formatCount } from '../../load/measure/units.ts';
import { findingGlyphs, findingValue } from '../words/findings.ts';
import { columnsOf, cutInside, cutToColumns, plainLine, wrapped } from '../words/plain-text.ts';
import { findingPaint } from './paint.ts';
import { type Canvas, indent, titled } from './section.ts';
import { tableLines } from './table.ts';

/** Rows of a table that are shown; `summary.json` and the page have all. */
const mostRows = 40;

/** Lines of a finding, without a line break at the end. */
export function findingLines(finding: FindingSummary, detail: 'full' | 'compact', canvas: Canvas): string[] {
  const { width, paint } = canvas;
  const { verdict, sentence, runs } = finding;
  const isQuiet = verdict === 'passed' || verdict === 'measured';
  const colour = findingPaint(paint, verdict);
  return [
    headLine(finding, canvas),
    ...wrapped(plainLine(sentence), width - indent.length).map((line) => indent + (isQuiet ? line : colour(line))),
    ...(detail === 'full' ? titled(restsOn(runs.length), tableOf(finding, canvas), canvas) : []),
    ...(detail === 'compact' || finding.table === undefined ? [indent + paint.dim(restsOn(runs.length))] : []),
  ];
}

/** `✓ breaking point  stress.spec.ts › the list                          [stress]`. */
function headLine(finding: FindingSummary, { width, paint }: Canvas): string {
  const { verdict, title, project } = finding;
  const what = plainLine(titleOfFinding(finding));
  const word = verdict === 'passed' || verdict === 'measured' ? '' : `${verdict}  `;
  const tag = project === '' ? '' : `[${cutToColumns(plainLine(project), 20)}]`;
  const head = cutInside(what, Math.max(16, Math.floor(width / 3)));
  const room = width - 2 - word.length - columnsOf(head) - 2 - (tag === '' ? 0 : columnsOf(tag) + 1);
  const name = cutInside(title.map(plainLine).join(' › '), Math.max(8, room));
  const colour = findingPaint(paint, verdict);
  const fill = tag === '' ? '' : ' '.repeat(Math.max(1, room - columnsOf(name) + 1));
  return `${colour(findingGlyphs[verdict])} ${colour(word)}${paint.bold(head)}  ${name}${fill}${paint.dim(tag)}`;
}

function restsOn(runs: number): string {
  return runs === 1 ? 'rests on 1 run' : `rests on ${formatCount(runs)} runs`;
}

function tableOf({ table }: FindingSummary, { width, paint }: Canvas): string[] {
  if (table === undefined) return [];
  const { columns, rows } = table;
  // A column of which nothing was measured says nothing.
  const shown = columns.filter(({ name }) => rows.some((row) => row[name] !== undefined));
  const lines = tableLines({
    columns: shown.map(({ name, unit }, at) => ({
      title: plainLine(name),
      align: unit === 'text' ? 'left' : 'right',
      spare: at,
    })),
    rows: rows
      .slice(0, mostRows)
      .map((row) => shown.map(({ name, unit }) => ({ text: plainLine(findingValue(row[name], unit)) }))),
    width: width - 2 * indent.length,
    titlePaint: paint.dim,
  });
  const more = rows.length - mostRows;
  return more > 0 ? [...lines, paint.dim(`and ${formatCount(more)} more`)] : lines;
}
