/** The whole terminal report: a block per run, then the verdict of all, which is what stays on the screen. */
import type { Summary } from '../../load/measure/summary.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';
import { verdictGlyphs, verdictOrder } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { verdictPaint } from './paint.ts';
import { cutToColumns, plainLine } from './plain-text.ts';
import { renderRun, runTitle } from './run-lines.ts';
import { type Canvas, indent } from './section.ts';

export interface SummaryParts {
  readonly runs: readonly ReportedRun[];
  readonly summary: Summary;
  /** Files that were written, to be named at the end. */
  readonly files: readonly string[];
  readonly detail: 'auto' | 'full' | 'compact';
}

/** Nothing to explain. */
const quiet: ReadonlySet<string> = new Set(['passed', 'measured']);
/** Up to so many runs are shown in full. */
const fewRuns = 3;
/** Named at the end, one by one. */
const notable = verdictOrder.filter((verdict) => verdict !== 'passed' && verdict !== 'measured');

export function renderSummary({ runs, summary, files, detail }: SummaryParts, canvas: Canvas): string {
  const detailOf = ({ summary: { verdict } }: ReportedRun) =>
    detail === 'auto' ? (runs.length <= fewRuns || !quiet.has(verdict) ? 'full' : 'compact') : detail;
  const blocks = runs.flatMap((run) => ['', ...renderRun(run, detailOf(run), canvas)]);
  return [
    ...blocks,
    '',
    canvas.paint.dim('─'.repeat(canvas.width)),
    ...closingLines({ summary, files }, canvas),
    '',
  ].join('\n');
}

function closingLines({ summary, files }: Pick<SummaryParts, 'summary' | 'files'>, canvas: Canvas): string[] {
  const { paint, width } = canvas;
  const { verdict, runs, durationMs } = summary;
  const head = `${verdictGlyphs[verdict]} ${verdict}`;
  const counts = ['passed', ...verdictOrder.filter((each) => each !== 'passed')].flatMap((word) => {
    const count = runs.filter((run) => run.verdict === word).length;
    return count === 0 ? [] : [`${formatCount(count)} ${word}`];
  });
  const noun = runs.length === 1 ? '1 load run' : `${formatCount(runs.length)} load runs`;
  return [
    `${paint.bold(verdictPaint(paint, verdict)(head))} · ${noun}${runs.length === 1 ? '' : `: ${counts.join(', ')}`} · ${formatMs(durationMs)}`,
    ...notable.flatMap((word) =>
      runs
        .filter((run) => run.verdict === word)
        .flatMap((run) => [
          `${indent}${verdictPaint(paint, word)(verdictGlyphs[word])} ${cutToColumns(runTitle(run), width - 4)}`,
          `${indent}${indent}${paint.dim(cutToColumns(plainLine(run.reason), width - 4))}`,
        ]),
    ),
    ...(files.length === 0 ? [] : [indent + paint.dim(files.join(' · '))]),
  ];
}
