/** One row for each figure of each finding, beside the series of the runs. */
import type { FindingSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';
import { csvRows, type CsvValue } from './csv-rows.ts';
import { labelledFindings } from './finding-labels.ts';

export const csvFindingColumns = ['project', 'test', 'kind', 'name', 'verdict', 'sentence', 'figure', 'value'] as const;

/** `series.findings.csv` of `series.csv`. */
export function findingsPath(csvPath: string): string {
  return `${csvPath.replace(/\.csv$/i, '')}.findings.csv`;
}

/** A finding without figures has one row, with neither figure nor value. */
export function csvFindings(findings: readonly FindingSummary[]): string {
  const rows = labelledFindings(findings).flatMap(({ finding, labels }): CsvValue[][] => {
    const { project, test, kind, name } = labels;
    const head = [project, test, kind, name, finding.verdict, plainLine(finding.sentence)];
    const figures = Object.entries(finding.figures);
    return figures.length === 0
      ? [[...head, undefined, undefined]]
      : figures.map(([figure, value]) => [...head, figure, typeof value === 'string' ? plainLine(value) : value]);
  });
  return csvRows([csvFindingColumns, ...rows]);
}
