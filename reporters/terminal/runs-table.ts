/** Many runs as a table, one row each, the worst first: what a run was asked, and what it did, is told of few. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatPercent, formatRate } from '../../load/measure/units.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import { columnsOf, cutInside } from '../words/plain-text.ts';
import { worstFirst } from '../words/worst-first.ts';
import { percentileCell } from './latency-lines.ts';
import { verdictPaint } from './paint.ts';
import { runTitle } from './run-lines.ts';
import { type Canvas, figure } from './section.ts';
import { type Cell, type Column, tableLines } from './table.ts';

/** What a title keeps at least, before figures have to go. */
const leastTitle = 20;

const figures: readonly Column[] = [
  { title: 'rate', align: 'right', spare: 2 },
  { title: 'ok', align: 'right' },
  { title: 'p50', align: 'right', spare: 3 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right', spare: 1 },
];

/** A line of titles, then one a run. */
export function runsTable(runs: readonly RunSummary[], canvas: Canvas): string[] {
  const { width, paint } = canvas;
  const sorted = worstFirst(runs);
  const words = sorted.map(({ verdict }) => `${verdictGlyphs[verdict]}${verdict === 'passed' ? '' : ` ${verdict}`}`);
  const cells = sorted.map(figureCells(canvas));
  const room = titleRoom({ words, cells, width });
  const titles = titlesOf(sorted);
  return tableLines({
    columns: [{ title: '', align: 'left' }, { title: 'run', align: 'left', gives: true }, ...figures],
    rows: sorted.map((run, at) => [
      { text: words[at] ?? '', paint: verdictPaint(paint, run.verdict) },
      { text: cutInside(titles[at] ?? '', room) },
      ...(cells[at] ?? []),
    ]),
    width,
    titlePaint: paint.dim,
  });
}

const figureCells =
  ({ paint }: Canvas) =>
  (run: RunSummary): Cell[] => {
    const { successRate, throughputPerSec } = run;
    const latency = run.model === 'open' ? run.responseMs : run.serviceMs;
    return [
      figure(throughputPerSec, formatRate),
      { ...figure(successRate, formatPercent), ...((successRate ?? 1) < 1 && { paint: paint.bad }) },
      percentileCell(latency, 'p50'),
      percentileCell(latency, 'p95'),
      percentileCell(latency, 'p99'),
    ];
  };

/** Without the file where titles tell all runs apart, and with the project where the same test runs in several. */
function titlesOf(runs: readonly RunSummary[]): string[] {
  const areDistinct = (titles: readonly string[]) =>
    titles.every((title, at) => titles.every((other, there) => other !== title || runs[there] === runs[at]));
  const forms = [
    ({ title }: RunSummary) => runTitle({ title: title.length > 1 ? title.slice(1) : title }),
    ({ title }: RunSummary) => runTitle({ title }),
    ({ title, project }: RunSummary) => runTitle({ title: project === '' ? title : [`[${project}]`, ...title] }),
  ];
  const titled = forms.map((form) => runs.map(form));
  return titled.find(areDistinct) ?? titled.at(-1) ?? [];
}

/** The columns that a table keeps leave so much for the titles, which are cut inside and not at their end. */
function titleRoom({
  words,
  cells,
  width,
}: {
  readonly words: readonly string[];
  readonly cells: readonly (readonly Cell[])[];
  readonly width: number;
}): number {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => columnsOf(text)));
  const widths = figures.map(({ title, spare = 0 }, at) => ({
    spare,
    columns: widest([title, ...cells.map((row) => row[at]?.text ?? '')]) + 2,
  }));
  const left = () => width - widest(words) - 2 - widths.reduce((sum, { columns }) => sum + columns, 0);
  for (const spare of [3, 2, 1]) {
    if (left() >= leastTitle) break;
    const at = widths.findIndex((each) => each.spare === spare);
    widths.splice(at, 1);
  }
  return Math.max(1, left());
}
