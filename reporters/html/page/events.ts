/** What happened in a run, in order of time, over its charts: each line leads to its stretch of them. */
import type { RunEvent } from '../../../load/measure/summary.ts';
import { formatSecond } from '../charts/chart-option.ts';
import type { TimeAxis } from '../chart-data/time-axis.ts';
import type { RunView } from '../run-view.ts';
import { button, element, given } from './element.ts';
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
        element('time', {}, momentOf(event)),
        element('span', {}, given(event.sentence)),
      ),
    ),
  );
}

function momentOf({ fromMs, toMs }: RunEvent): string {
  const [from, to] = [fromMs, toMs ?? fromMs].map((ms) => formatSecond(Number((ms / 1_000).toPrecision(3))));
  return from === to || to === undefined ? (from ?? '') : `${from} to ${to}`;
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
    'Drag over a chart to look closer in all of them; double click or Escape: the whole run. Keys: ← → read, + − zoom, Shift ← → move. ',
    back,
  );
  return { root, dispose: onZoom(show) };
}
