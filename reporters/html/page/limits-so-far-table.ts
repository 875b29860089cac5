/** How a run that goes on stands to its limits; nothing is judged before the end. */
import { formatValue } from '../../../load/measure/units.ts';
import type { LimitSoFar } from '../live/limits-so-far.ts';
import type { RunView } from '../run-view.ts';
import { element, given } from './element.ts';

const marks: Readonly<Record<LimitSoFar['stands'], { readonly glyph: string; readonly look: string }>> = {
  holds: { glyph: '✓', look: 'passed' },
  close: { glyph: '≈', look: 'acceptable' },
  missed: { glyph: '✗', look: 'failed' },
  'not yet': { glyph: '…', look: 'running' },
};

/** `≈ close  p95 47 ms of < 50ms`. */
export function limitsSoFarTable({ soFar = [] }: RunView): HTMLElement | undefined {
  if (soFar.length === 0) return undefined;
  return element(
    'div',
    {},
    element('p', { class: 'hint' }, 'Limits of the last time; nothing is judged before the end.'),
    element('ul', { class: 'so-far' }, ...soFar.map(limitItem)),
  );
}

function limitItem({ metric, scope, expected, actual, unit, stands }: LimitSoFar): HTMLElement {
  const { glyph, look } = marks[stands];
  const of = scope === 'run' ? '' : ` of ${scope}`;
  const value = actual === undefined ? 'no data' : formatValue(actual, unit);
  return element(
    'li',
    {},
    element('span', { class: `verdict ${look}` }, `${glyph} ${stands}`),
    ' ',
    given(`${metric}${of} ${value}, limit ${expected}`),
  );
}
