/** The whole terminal report: a block for each of few runs or what is not green, a row for each of many, then the verdict of all, which is what stays on the screen. */
import type { FindingSummary, Summary } from '../../load/measure/summary.ts';
import { findingOrder, titleOfFinding } from '../../load/measure/finding.ts';
import { unsureMark, unsureWords } from '../../load/measure/carried.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';
import { findingGlyphs } from '../words/findings.ts';
import { foldedRuns } from '../words/folded-runs.ts';
import { onceWords } from '../words/once.ts';
import { byVerdict, verdictGlyphs, verdictOrder, worstVerdict } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { findingLines, isQuietFinding } from './finding-lines.ts';
import { findingPaint, verdictPaint } from './paint.ts';
import { cutInside, cutToColumns, plainLine, wrapped } from '../words/plain-text.ts';
import { renderRun, runTitle } from './run-lines.ts';
import { runsTable } from './runs-table.ts';
import { shareLines } from './share-lines.ts';
import { type Canvas, indent } from './section.ts';

export interface SummaryParts {
  readonly runs: readonly ReportedRun[];
  /** Loads of which this process sent a share, to be judged elsewhere. */
  readonly shares?: readonly ReportedRun[];
  readonly summary: Summary;
  /** Files that were written, to be named at the end. */
  readonly files: readonly string[];
  readonly detail: 'auto' | 'full' | 'compact';
}

/** Nothing to explain. */
const quiet: ReadonlySet<string> = new Set(['passed', 'measured']);
/** Up to so many runs are shown in full, and so many findings. */
const few = 3;
/** A percentile with its mark. */
const unsure = new RegExp(`(^|\\s)${unsureMark}\\d`);
/** Named at the end, one by one. */
const notable = verdictOrder.filter((verdict) => verdict !== 'passed' && verdict !== 'measured');

export function renderSummary({ runs, shares = [], summary, files, detail }: SummaryParts, canvas: Canvas): string {
  const { findings = [] } = summary;
  const folded = foldedRuns(summary);
  const shown = runs.filter((run) => !folded.has(run.summary));
  const detailOf = (isQuiet: boolean, many: number) =>
    detail === 'auto' ? (many <= few || !isQuiet ? 'full' : 'compact') : detail;
  const inDetail = shown.filter((run) => detailOf(quiet.has(run.summary.verdict), shown.length) === 'full');
  const isTable = shown.length > few || (detail === 'compact' && shown.length > 0);
  const table = isTable
    ? runsTable(
        shown.map((run) => run.summary),
        canvas,
      )
    : [];
  const runLines = [
    ...inDetail
      .toSorted((a, b) => byVerdict(a.summary.verdict, b.summary.verdict))
      .flatMap((run) => ['', ...renderRun(run, canvas)]),
    ...(table.length === 0 ? [] : ['', ...table]),
  ];
  const blocks = [
    ...runLines,
    ...(runLines.some((line) => unsure.test(line)) ? legend(canvas) : []),
    ...findings.flatMap((finding) => [
      '',
      ...findingLines(finding, detailOf(isQuietFinding(finding), findings.length), canvas),
    ]),
  ];
  const judged = { ...summary, runs: runs.map((run) => run.summary) };
  const verdict = worstVerdict(judged.runs.map((run) => run.verdict));
  const share = shareLines(shares, canvas);
  return [
    ...blocks,
    ...(share.length === 0 ? [] : ['', ...share]),
    '',
    canvas.paint.dim('─'.repeat(canvas.width)),
    ...(runs.length === 0 && shares.length > 0
      ? [canvas.paint.dim(files.join(' · '))]
      : closingLines({ summary: shares.length === 0 ? summary : { ...judged, verdict }, files }, canvas)),
    '',
  ].join('\n');
}

/** What the mark of a percentile means. */
function legend({ width, paint }: Canvas): string[] {
  return ['', ...wrapped(unsureWords, width - indent.length).map((line) => indent + paint.dim(line))];
}

function closingLines({ summary, files }: Pick<SummaryParts, 'summary' | 'files'>, canvas: Canvas): string[] {
  const { paint, width } = canvas;
  const { verdict, runs, durationMs } = summary;
  const head = `${verdictGlyphs[verdict]} ${verdict}`;
  const counts = ['passed', ...verdictOrder.filter((each) => each !== 'passed')].flatMap((word) => {
    const count = runs.filter((run) => run.verdict === word).length;
    return count === 0 ? [] : [`${formatCount(count)} ${word}`];
  });
  const noun = `${runs.length === 1 ? '1 load run' : `${formatCount(runs.length)} load runs`}${onceWords(runs)}`;
  return [
    `${paint.bold(verdictPaint(paint, verdict)(head))} · ${noun}${runs.length === 1 ? '' : `: ${counts.join(', ')}`} · ${formatMs(durationMs)}`,
    ...notable.flatMap((word) =>
      runs
        .filter((run) => run.verdict === word)
        .flatMap((run) => [
          `${indent}${verdictPaint(paint, word)(verdictGlyphs[word])} ${cutInside(runTitle(run), width - 4)}`,
          ...wrapped(plainLine(run.reason), width - 4).map((line) => `${indent}${indent}${paint.dim(line)}`),
        ]),
    ),
    ...findingsInShort(summary.findings ?? [], canvas),
    ...(files.length === 0 ? [] : [indent + paint.dim(files.join(' · '))]),
  ];
}

/** Their sentences are the answer; of many only those that are not green, after how many there are of each. */
function findingsInShort(findings: readonly FindingSummary[], { paint, width }: Canvas): string[] {
  const many = findings.length > few;
  const counts = findingOrder.flatMap((word) => {
    const count = findings.filter(({ verdict }) => verdict === word).length;
    return count === 0 ? [] : [`${formatCount(count)} ${word}`];
  });
  return [
    ...(many ? [`${indent}${formatCount(findings.length)} findings: ${counts.join(', ')}`] : []),
    ...findings
      .filter((finding) => !many || !isQuietFinding(finding))
      .map((finding) => {
        const said = `${titleOfFinding(finding)}: ${finding.sentence}`;
        const glyph = findingPaint(paint, finding.verdict)(findingGlyphs[finding.verdict]);
        return `${indent}${glyph} ${cutToColumns(plainLine(said), width - 4)}`;
      }),
  ];
}
