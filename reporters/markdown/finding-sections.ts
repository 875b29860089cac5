/** Findings in the job summary: a row for each, above the runs, and the table that each rests on, folded. */
import { type FindingTable, titleOfFinding, worstFindingFirst } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { formatCount } from '../../load/measure/units.ts';
import { cellOf, findingGlyphs, findingValue, measuredColumns, restsOn } from '../words/findings.ts';
import { folded, markdownTable, markdownText } from './markdown-text.ts';

/** Rows of a table that are shown; `summary.json` and the page have all. */
const mostRows = 40;
/** Rows of the table of findings. */
const mostFindings = 100;

/** Undefined where nothing was asked. */
export function findingsTable(findings: readonly FindingSummary[]): string | undefined {
  if (findings.length === 0) return undefined;
  const left = findings.length - mostFindings;
  const table = markdownTable(
    ['Verdict', 'Finding', 'Answer', 'Test'].map((title) => ({ title, align: 'left' as const })),
    worstFindingFirst(findings)
      .slice(0, mostFindings)
      .map((finding) => [
        mark(finding),
        markdownText(titleOfFinding(finding)),
        markdownText(finding.sentence),
        markdownText(finding.title.join(' › ')),
      ]),
  );
  return left > 0 ? `${table}\n\nand ${formatCount(left)} more findings` : table;
}

/** Of each finding that rests on a table. */
export function findingDetails(findings: readonly FindingSummary[]): string[] {
  return worstFindingFirst(findings).flatMap((finding) => {
    const table = finding.table === undefined ? undefined : tableOf(finding.table);
    if (table === undefined) return [];
    const rests = restsOn(finding.runs.length);
    const sections = [
      `### ${mark(finding)} · ${markdownText(titleOfFinding(finding))} · ${markdownText(finding.title.join(' › '))}`,
      `${markdownText(finding.sentence)}${rests === undefined ? '' : `; ${rests}`}`,
      folded('Table', table),
    ];
    return [`${sections.join('\n\n')}\n`];
  });
}

function tableOf(table: FindingTable): string | undefined {
  const columns = measuredColumns(table);
  if (columns.length === 0) return undefined;
  const left = table.rows.length - mostRows;
  const shown = markdownTable(
    columns.map(({ name, unit }) => ({ title: markdownText(name), align: unit === 'text' ? 'left' : 'right' })),
    table.rows
      .slice(0, mostRows)
      .map((row) => columns.map(({ name, unit }) => markdownText(findingValue(cellOf(row, name), unit)))),
  );
  return left > 0 ? `${shown}\n\nand ${formatCount(left)} more` : shown;
}

function mark({ verdict }: FindingSummary): string {
  return `${findingGlyphs[verdict]}\u00a0${verdict}`;
}
