/** What happened in a run, in order of time, over its charts: each line leads to its stretch of them. */
import type { RunEvent } from '../../../load/measure/summary.ts';
import { momentWords, spanWords } from '../../../load/verdict/when.ts';
import type { TimeAxis } from '../chart-data/time-axis.ts';
import type { RunView } from '../run-view.ts';
import { button, element, givenWords } from './element.ts';
import { isZoomed, onZoom, resetZoom, zoomTo } from './zoom.ts';

export function eventList({ events, charts }: RunView): HTMLElement | undefined {
  if (events.length === 0) return undefined;
  return element(
    'ol',
    { class: 'events' },
    ...events.map((event, at) =>
      element(
        'li',
        {},
        button(
          element('b', {}, String(at + 1)),
          () => {
            zoomTo(stretchOf(event, charts.axis));
          },
          { title: 'Show this stretch of time in all charts' },
        ),
        element('time', {}, momentOf(event, charts.axis)),
        element('span', {}, givenWords(withoutMoment(event, charts.axis))),
      ),
    ),
  );
}

function momentOf(event: RunEvent, axis: TimeAxis): string {
  return wordsOf(event, axis)
    .replace(/^(?:from|at) /, '')
    .replace(' to ', '–');
}

/** The moment stands before the sentence, and is not said again. */
function withoutMoment(event: RunEvent, axis: TimeAxis): string {
  return event.sentence.replace(`, ${wordsOf(event, axis)}`, '');
}

function wordsOf({ fromMs, toMs }: RunEvent, { endSec }: TimeAxis): string {
  const runMs = endSec * 1_000;
  return toMs === undefined || toMs <= fromMs ? `at ${momentWords(fromMs, runMs)}` : spanWords({ fromMs, toMs }, runMs);
}

/** With half of its length on either side, and never less than ten points. */
function stretchOf({ fromMs, toMs = fromMs }: RunEvent, { fromSec, stepSec, endSec }: TimeAxis) {
  const middle = (fromMs + toMs) / 2_000;
  const half = Math.max((toMs - fromMs) / 1_000, 5 * stepSec);
  const percent = (second: number) => (100 * (second - fromSec)) / Math.max(1e-6, endSec - fromSec);
  return { start: percent(middle - half), end: percent(middle + half) };
}

/** How to look closer, and the way back; `dispose` ends its watching. */
export function zoomLine(): { readonly root: HTMLElement; dispose(): void } {
  const back = button('Whole run', resetZoom, { class: 'whole' });
  const show = () => {
    back.hidden = !isZoomed();
  };
  show();
  const root = element(
    'p',
    { class: 'hint zoom' },
    element(
      'span',
      { class: 'how' },
      'Drag over a chart to look closer in all of them; double click or Escape: the whole run. Keys: ← → read, + − zoom, Shift ← → move. ',
    ),
    back,
  );
  return { root, dispose: onZoom(show) };
}
