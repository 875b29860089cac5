/**
 * Findings first, each with its runs folded under it, then the runs that belong to none; both with the worst first. A
 * link each, so that all have an address.
 */
import { titleOfFinding } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { shortenInside } from '../charts/shorten.ts';
import type { PageData } from '../page-data.ts';
import type { RunView } from '../run-view.ts';
import { element, given } from './element.ts';
import { ms, rate } from './figures.ts';
import { worstFindingFirst, worstFirst } from './order.ts';
import { addressOf, findingsOf, foldedIn, isSamePlace, type Place } from './places.ts';
import { findingMark, verdictMark } from './tables.ts';
import { titleParts } from './title-parts.ts';

export interface RunListParts {
  readonly data: PageData;
  readonly selected: Place | undefined;
  /** Findings whose runs were unfolded, kept while the page goes from one place to another. */
  readonly opened: Set<number>;
}

export function runList({ data, selected, opened }: RunListParts): HTMLElement {
  const findings = findingsOf(data);
  const folded = foldedIn(data);
  const parts = { data, selected, opened };
  return element(
    'nav',
    { class: 'runs', 'aria-label': findings.length === 0 ? 'Runs' : 'Findings and runs' },
    element(
      'ol',
      {},
      ...worstFindingFirst(findings).map(({ finding, index }) =>
        element('li', {}, findingEntry(finding, { kind: 'finding', index }, selected), fold(finding, index, parts)),
      ),
      ...worstFirst(data.runs)
        .filter(({ index }) => !folded.has(index))
        .map(({ run, index }) => element('li', {}, runEntry(run, { kind: 'run', index }, selected))),
    ),
  );
}

function findingEntry(finding: FindingSummary, place: Place, selected: Place | undefined): HTMLElement {
  const { verdict, sentence, title } = finding;
  return element(
    'a',
    { href: addressOf(place), 'aria-current': isSamePlace(place, selected) && 'true' },
    findingMark(verdict),
    shortTitle([titleOfFinding(finding)]),
    element('span', { class: 'reason' }, given(sentence)),
    element('span', { class: 'three' }, given(shortenInside(title.join(' › '), longestTitle))),
  );
}

/** The runs of one finding, which open by a click or a key. They are open while one of them is looked at. */
function fold(finding: FindingSummary, index: number, { data, selected, opened }: RunListParts): HTMLElement | false {
  const runs = finding.folds === true ? finding.runs.filter((at) => data.runs[at] !== undefined) : [];
  if (runs.length === 0) return false;
  const holdsSelected = selected?.kind === 'run' && runs.includes(selected.index);
  const made = element(
    'details',
    { open: opened.has(index) || holdsSelected },
    element('summary', {}, runs.length === 1 ? '1 run' : `${runs.length} runs`),
    element(
      'ol',
      {},
      ...runs.flatMap((at) => {
        const run = data.runs[at];
        if (run === undefined) return [];
        const own = ownTitle(run.title, finding.title);
        return [element('li', {}, runEntry({ ...run, title: own }, { kind: 'run', index: at }, selected))];
      }),
    ),
  );
  made.addEventListener('toggle', () => {
    if (made.open) opened.add(index);
    else opened.delete(index);
  });
  return made;
}

/** What a run's title says beyond that of its test. */
function ownTitle(title: readonly string[], ofTest: readonly string[]): readonly string[] {
  const rest = title.slice(ofTest.length);
  return rest.length > 0 && ofTest.every((part, at) => title[at] === part) ? rest : title;
}

function runEntry(run: RunView, place: Place, selected: Place | undefined): HTMLElement {
  const { state, latency, throughputPerSec, profile } = run;
  const sentence = state.kind === 'judged' ? state.reason : 'under way';
  return element(
    'a',
    { href: addressOf(place), 'aria-current': isSamePlace(place, selected) && 'true' },
    state.kind === 'judged' ? verdictMark(state.verdict) : element('span', { class: 'verdict running' }, '▸ running'),
    shortTitle(run.title),
    element('span', { class: 'reason' }, given(`${profile}: ${sentence}`)),
    element('span', { class: 'three' }, `${rate(throughputPerSec)} · p50 ${ms(latency.p50)} · p95 ${ms(latency.p95)}`),
  );
}

/** About two lines of the list. */
const longestTitle = 68;

/** Cut in its middle where it is long, since names of one test begin alike; the whole of it is in its tooltip. */
function shortTitle(title: readonly string[]): HTMLElement {
  const whole = (title.length > 1 ? title.slice(1) : title).join(' › ');
  const short = shortenInside(whole, longestTitle);
  if (short === whole) return element('span', { class: 'title' }, ...titleParts(title));
  return element('span', { class: 'title', title: whole.slice(0, 1_000) }, given(short));
}
