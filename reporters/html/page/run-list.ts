/** All runs, the worst first: verdict, name, the sentence, three figures. A link each, so that a run has an address. */
import { worstFirst } from './order.ts';
import type { RunView } from '../run-view.ts';
import { element, given } from './element.ts';
import { ms, rate } from './figures.ts';
import { titleParts } from './run-article.ts';
import { verdictMark } from './tables.ts';

export function runList(runs: readonly RunView[], selected: number): HTMLElement {
  return element(
    'nav',
    { class: 'runs', 'aria-label': 'Runs' },
    element(
      'ol',
      {},
      ...worstFirst(runs).map(({ run, index }) => element('li', {}, entry(run, index, index === selected))),
    ),
  );
}

function entry(run: RunView, index: number, selected: boolean): HTMLElement {
  const { state, latency, throughputPerSec, profile } = run;
  const sentence = state.kind === 'judged' ? state.reason : 'under way';
  return element(
    'a',
    { href: `#run-${index + 1}`, 'aria-current': selected && 'true' },
    state.kind === 'judged' ? verdictMark(state.verdict) : element('span', { class: 'verdict running' }, '▸ running'),
    element('span', { class: 'title' }, ...titleParts(run.title)),
    element('span', { class: 'reason' }, given(`${profile}: ${sentence}`)),
    element('span', { class: 'three' }, `${rate(throughputPerSec)} · p50 ${ms(latency.p50)} · p95 ${ms(latency.p95)}`),
  );
}
