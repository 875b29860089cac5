/** The page as a whole: its head, the list of runs, and the one run that is looked at. */
import { formatDuration } from '../../../load/measure/units.ts';
import type { PageData } from '../page-data.ts';
import type { RunView } from '../run-view.ts';
import { drawAll } from './chart-figure.ts';
import { element, given } from './element.ts';
import { tallyOf, worstFirst } from './order.ts';
import { runArticle, type RunArticle, runId } from './run-article.ts';
import { runList } from './run-list.ts';
import { verdictMark } from './tables.ts';
import { themeButton } from './theme.ts';

export interface Report {
  update(data: PageData): void;
}

export function showReport(root: HTMLElement, first: PageData): Report {
  let data = first;
  let shown: { readonly index: number; readonly article: RunArticle } | undefined;
  const head = element('div', { class: 'top-text' });
  const list = element('div', { class: 'list' });
  const main = element('main');
  root.replaceChildren(
    element('a', { class: 'skip', href: `#${runId}` }, 'Skip to the run'),
    element('header', { class: 'top' }, element('h1', {}, 'Playload'), head, themeButton()),
    element('div', { class: 'columns' }, list, main),
  );
  const show = (index: number) => {
    const run = data.runs[index];
    list.replaceChildren(...(data.runs.length > 1 ? [runList(data.runs, index)] : []));
    list.hidden = data.runs.length <= 1;
    if (run === undefined) {
      main.replaceChildren(
        element(
          'p',
          { class: 'nothing' },
          data.kind === 'live' ? 'Waiting for the first run.' : 'No run was recorded.',
        ),
      );
    } else if (shown?.index === index) {
      shown.article.update(run);
    } else {
      shown?.article.dispose();
      const article = runArticle(run);
      main.replaceChildren(article.root);
      shown = { index, article };
    }
  };
  const refresh = (current?: number) => {
    head.replaceChildren(...headOf(data));
    show(selectedIndex(data.runs, current));
  };
  addEventListener('hashchange', () => {
    if (location.hash === `#${runId}`) return; // the skip link's own
    refresh();
    scrollTo(0, 0);
    shown?.article.root.focus({ preventScroll: true });
  });
  addEventListener('beforeprint', drawAll);
  refresh();
  return {
    update(next) {
      data = next;
      refresh(shown?.index);
    },
  };
}

/** The run in the address, else the one that is looked at, else the worst. */
function selectedIndex(runs: readonly RunView[], current: number | undefined): number {
  const asked = Number(/^#run-(\d+)$/.exec(location.hash)?.[1] ?? Number.NaN) - 1;
  if (runs[asked] !== undefined) return asked;
  return current ?? worstFirst(runs)[0]?.index ?? 0;
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
      ` ${tallyOf(data.runs) || 'no run'}${missing > 0 ? `, ${missing} segments missing` : ''}`,
    ),
    element('p', { class: 'about' }, ...facts.map((fact) => element('span', {}, given(fact)))),
  ];
}
