/** A run in one line, for a list of tests: the verdict as everywhere, then the figures that tell most. */
import { cutText } from '../measure/cut-text.ts';
import { percentileText } from '../measure/carried.ts';
import type { RunData } from '../measure/run-data.ts';
import { plainLine } from '../measure/plain-line.ts';
import { figuresOf, type RunSummary, type Verdict } from '../measure/summary.ts';
import { formatPercent, formatRate } from '../measure/units.ts';
import type { Judgement } from './judge.ts';
import { isBad, verdictGlyphs } from './verdict-order.ts';

type Figures = Pick<RunSummary, 'throughputPerSec' | 'successRate' | 'responseMs' | 'serviceMs' | 'model'>;

/** A reason that is longer is whole in the picture, the text and the error. */
const mostCharacters = 300;

/** `✓ passed · 1,235/s · p95 12.4 ms · 100 % ok`; what is not green says why. */
export function headlineOf({ verdict, reason }: Pick<Judgement, 'verdict' | 'reason'>, figures: Figures): string {
  const { throughputPerSec, successRate, responseMs, serviceMs, model } = figures;
  const stats = model === 'open' ? responseMs : serviceMs;
  const line = [
    `${verdictGlyphs[verdict]} ${verdict}`,
    ...(throughputPerSec === undefined ? [] : [formatRate(throughputPerSec)]),
    ...(stats === undefined ? [] : [`p95 ${percentileText(stats, 'p95')}`]),
    ...(successRate === undefined ? [] : [`${formatPercent(successRate)} ok`]),
    ...(isBad(verdict) || verdict === 'acceptable' ? [plainLine(reason)] : []),
  ].join(' · ');
  return cutText(line, mostCharacters);
}

export function headlineOfRun(run: RunData, judgement: Pick<Judgement, 'verdict' | 'reason'>): string {
  return headlineOf(judgement, figuresOf(run));
}

const starts = Object.entries(verdictGlyphs).map(([verdict, glyph]) => `${glyph} ${verdict as Verdict}`);

/** Whether a text is the headline of a run, of whatever verdict: a later judge replaces it. */
export function isHeadline(text: string): boolean {
  return starts.some((start) => text === start || text.startsWith(`${start} · `));
}
