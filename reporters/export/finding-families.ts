/**
 * A gauge for each figure of the findings, `playload_finding_sustained`, and one for the verdict, apart: a label that
 * changes ends a series.
 */
import { findingOrder } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import type { ExportedRun } from './exported-run.ts';
import { type ExportedFigure, exportedFigures, labelledFindings } from './finding-labels.ts';
import type { Family, Labels, Series } from './metric-family.ts';

export function findingFamilies(
  runs: readonly ExportedRun[],
  findings: readonly FindingSummary[],
  startedMs: number,
): Family[] {
  const labelled = labelledFindings(findings).map(({ finding, labels }) => ({
    finding,
    labels: withoutEmpty({ ...labels }),
    at: momentOf(runs, finding, startedMs),
  }));
  const figures = new Map<string, { readonly figure: ExportedFigure; readonly series: Series<number>[] }>();
  for (const { finding, labels, at } of labelled) {
    for (const figure of exportedFigures(finding)) {
      const name = figureMetric(figure);
      const known = figures.get(name) ?? { figure, series: [] };
      figures.set(name, known);
      known.series.push(single(labels, at, figure.value));
    }
  }
  return [
    ...[...figures].map(([name, { figure, series }]): Family => ({
      name,
      otel: `playload.finding.${figure.name}`,
      unit: figure.unit.ucum,
      type: 'gauge',
      help: 'A figure of a finding.',
      series,
    })),
    {
      name: 'playload_finding_verdict',
      otel: 'playload.finding.verdict',
      unit: '1',
      type: 'gauge',
      help: '1 for the verdict of the finding, 0 for the others.',
      series: labelled.flatMap(({ finding, labels, at }) =>
        findingOrder.map((verdict) => single({ ...labels, verdict }, at, finding.verdict === verdict ? 1 : 0)),
      ),
    },
  ];
}

function single(labels: Labels, atMs: number, value: number): Series<number> {
  return { labels, startMs: atMs, points: [{ atMs, value }] };
}

/** A finding is known when the last of its runs has ended, or the last of all where it rests on none. */
function momentOf(runs: readonly ExportedRun[], finding: FindingSummary, startedMs: number): number {
  const own = finding.runs.flatMap((at) => runs[at] ?? []);
  const ends = (own.length > 0 ? own : runs).map(({ intervals }) => intervals.endsMs.at(-1) ?? intervals.startMs);
  return ends.reduce((latest, end) => Math.max(latest, end), startedMs);
}

/** An empty label is the same as none. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
}

/** The unit ends the name, as OpenMetrics wants it. */
function figureMetric({ name, unit }: ExportedFigure): string {
  return ['playload_finding', name, unit.suffix].filter((part) => part !== '').join('_');
}
