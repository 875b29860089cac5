/** The findings as sentences, the worst first, each with its runs folded under it. */
import { titleOfFinding, worstFindingFirst } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { shortenInside } from '../charts/shorten.ts';
import type { PageData } from '../page-data.ts';
import { addressOf, isSamePlace, type Place } from './address.ts';
import { element, given } from './element.ts';
import { percentile, rate } from './figures.ts';
import { standOf } from './order.ts';
import { findingsOf } from './places.ts';
import { standMark } from './runs-table.ts';
import { findingMark } from './tables.ts';
import { titleParts } from './title-parts.ts';

export function findingList(data: PageData, place: Place | undefined): HTMLElement | undefined {
  const findings = worstFindingFirst(findingsOf(data));
  if (findings.length === 0) return undefined;
  return element(
    'nav',
    { class: 'findings', 'aria-label': 'Findings' },
    element(
      'ol',
      {},
      ...findings.map((finding) => element('li', {}, entry(finding, place), fold(finding, data, place))),
    ),
  );
}

/** Of the test that asked; whole in the finding itself. */
const longestTitle = 110;

function entry(finding: FindingSummary, place: Place | undefined): HTMLElement {
  const { id, verdict, sentence, title } = finding;
  const here: Place = { kind: 'finding', id };
  return element(
    'p',
    { class: 'finding-line' },
    findingMark(verdict),
    element(
      'a',
      { href: addressOf(here), 'aria-current': isSamePlace(here, place) && 'true' },
      given(titleOfFinding(finding)),
    ),
    element('span', { class: 'words' }, given(sentence)),
    element('small', {}, given(shortenInside(title.slice(1).join(' › ') || title.join(' › '), longestTitle))),
  );
}

/** The runs that were made for one finding alone; open while one of them is looked at. */
function fold({ id, folds, runs: places, title }: FindingSummary, data: PageData, place: Place | undefined) {
  const runs = folds === true ? places.flatMap((at) => data.runs[at] ?? []) : [];
  if (runs.length === 0) return false;
  return element(
    'details',
    {
      'data-part': `runs-${id}`,
      open: place?.kind === 'run' && runs.some((run) => run.id === place.id),
    },
    element('summary', {}, runs.length === 1 ? '1 run' : `${runs.length} runs`),
    element(
      'ol',
      {},
      ...runs.map((run) => {
        const here: Place = { kind: 'run', id: run.id };
        return element(
          'li',
          {},
          standMark(standOf(run)),
          element(
            'a',
            { href: addressOf(here), 'aria-current': isSamePlace(here, place) && 'true' },
            ...titleParts(ownTitle(run.title, title)),
          ),
          element('small', {}, given(run.profile)),
          element(
            'small',
            {},
            `${rate(run.throughputPerSec)} · p50 ${percentile(run.latency, 'p50')} · p95 ${percentile(run.latency, 'p95')}`,
          ),
        );
      }),
    ),
  );
}

/** What a run's title says beyond that of its test. */
function ownTitle(title: readonly string[], ofTest: readonly string[]): readonly string[] {
  const rest = title.slice(ofTest.length);
  return rest.length > 0 && ofTest.every((part, at) => title[at] === part) ? rest : title;
}
