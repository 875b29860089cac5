/** The page as a whole: its head, the list of findings and runs, and the one that is looked at. */
import { formatDuration } from '../../../load/measure/units.ts';
import type { PageData } from '../page-data.ts';
import { articleId } from './article-id.ts';
import { drawAll } from './chart-figure.ts';
import { element, given } from './element.ts';
import { findingArticle } from './finding-article.ts';
import { tallyOf } from './order.ts';
import { addressOf, findingsOf, findingsOn, isSamePlace, type Place, selectedPlace } from './places.ts';
import { type FindingLink, runArticle, type RunArticle } from './run-article.ts';
import { runList } from './run-list.ts';
import { verdictMark } from './tables.ts';
import { themeButton } from './theme.ts';

export interface Report {
  update(data: PageData): void;
}

interface Shown {
  readonly place: Place;
  readonly article: Pick<RunArticle, 'root' | 'dispose'> & Partial<RunArticle>;
}

export function showReport(root: HTMLElement, first: PageData): Report {
  let data = first;
  let shown: Shown | undefined;
  const opened = new Set<number>();
  const head = element('div', { class: 'top-text' });
  const list = element('div', { class: 'list' });
  const main = element('main');
  const skip = element('a', { class: 'skip', href: `#${articleId}` });
  root.replaceChildren(
    skip,
    element('header', { class: 'top' }, element('h1', {}, 'Playload'), head, themeButton()),
    element('div', { class: 'columns' }, list, main),
  );
  const show = (place: Place | undefined) => {
    const several = data.runs.length + findingsOf(data).length > 1;
    list.replaceChildren(...(several ? [runList({ data, selected: place, opened })] : []));
    list.hidden = !several;
    skip.textContent = `Skip to the ${place?.kind ?? 'run'}`;
    const run = place?.kind === 'run' ? data.runs[place.index] : undefined;
    if (isSamePlace(shown?.place, place) && run !== undefined) {
      shown?.article.update?.(run);
      return;
    }
    shown?.article.dispose();
    shown = place === undefined ? undefined : shownAt(place, data);
    main.replaceChildren(shown?.article.root ?? nothingYet(data));
  };
  const refresh = (current?: Place) => {
    head.replaceChildren(...headOf(data));
    show(selectedPlace(data, location.hash, current));
  };
  addEventListener('hashchange', () => {
    if (location.hash === `#${articleId}`) return; // the skip link's own
    refresh();
    scrollTo(0, 0);
    shown?.article.root.focus({ preventScroll: true });
  });
  addEventListener('beforeprint', drawAll);
  refresh();
  return {
    update(next) {
      data = next;
      refresh(shown?.place);
    },
  };
}

function shownAt(place: Place, data: PageData): Shown | undefined {
  const findings = findingsOf(data);
  const finding = place.kind === 'finding' ? findings[place.index] : undefined;
  if (finding !== undefined) return { place, article: findingArticle(finding, data.runs) };
  const run = data.runs[place.index];
  if (run === undefined) return undefined;
  const links = findingsOn(findings, place.index).flatMap((index): FindingLink[] => {
    const known = findings[index];
    return known === undefined ? [] : [{ finding: known, address: addressOf({ kind: 'finding', index }) }];
  });
  return { place, article: runArticle(run, links) };
}

function nothingYet({ kind }: PageData): HTMLElement {
  return element('p', { class: 'nothing' }, kind === 'live' ? 'Waiting for the first run.' : 'No run was recorded.');
}

function headOf(data: PageData): HTMLElement[] {
  if (data.kind === 'live') return [element('p', { class: 'sentence' }, 'live: ', tallyOf(data.runs) || 'no run yet')];
  const { verdict, startedAt, durationMs, environment, segments, baseline } = data;
  const missing = segments.expected - segments.present.length;
  const facts = [
    new Date(startedAt).toLocaleString(),
    `took ${formatDuration(Math.round(durationMs / 1_000) * 1_000)}`,
    `node ${environment.node.replace(/^v/, '')}`,
    environment.os,
    `${environment.cpu} × ${environment.cores}`,
    ...(environment.commit === undefined ? [] : [`commit ${environment.commit.slice(0, 10)}`]),
    ...(segments.expected > 1 ? [`${segments.present.length} of ${segments.expected} segments`] : []),
    ...(baseline === undefined ? [] : [`baseline ${baseline}`]),
  ];
  return [
    element(
      'p',
      { class: 'sentence' },
      verdictMark(verdict),
      ` ${tallyOf(data.runs, data.findings) || 'no run'}${missing > 0 ? `, ${missing} segments missing` : ''}`,
    ),
    element('p', { class: 'about' }, ...facts.map((fact) => element('span', {}, given(fact)))),
  ];
}
