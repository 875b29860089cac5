/** The page as a whole: its head, the first screen, and below it what was opened. */
import type { PageData } from '../page-data.ts';
import { headFacts, type HeadFact } from '../head-facts.ts';
import { type Address, formatAddress, isSamePlace, parseAddress, type Place, type TableState } from './address.ts';
import { articleId } from './article-id.ts';
import { drawAll } from './chart-figure.ts';
import { element, given } from './element.ts';
import { endpointArticle } from './endpoint-article.ts';
import { findingArticle } from './finding-article.ts';
import { applyParts, openParts } from './open-parts.ts';
import { tallyOf } from './order.ts';
import { overview } from './overview.ts';
import { findingsOf, findingsOn, isThere, placeByItself } from './places.ts';
import { runArticle } from './run-article.ts';
import { verdictMark } from './tables.ts';
import { themeButton } from './theme.ts';

export interface Report {
  update(data: PageData): void;
}

interface Shown {
  readonly place: Place;
  readonly article: Article;
}

interface Article {
  readonly root: HTMLElement;
  update(data: PageData): void;
  dispose(): void;
}

export function showReport(root: HTMLElement, first: PageData): Report {
  return new ReportPage(root, first);
}

class ReportPage implements Report {
  #data: PageData;
  readonly #root: HTMLElement;
  readonly #head = element('div', { class: 'top-text' });
  readonly #overview = overview((table) => this.#tableChanged(table));
  readonly #article = element('div');
  readonly #skip = element('a', { class: 'skip', href: `#${articleId}` });
  #address: Address = parseAddress(location.hash);
  #cameAt = new Date();
  #shown: Shown | undefined;

  constructor(root: HTMLElement, data: PageData) {
    this.#data = data;
    this.#root = root;
    root.replaceChildren(
      this.#skip,
      element('header', { class: 'top' }, element('h1', {}, 'Playload'), this.#head, themeButton()),
      element('main', {}, this.#overview.root, this.#article),
    );
    addEventListener('hashchange', () => {
      this.#address = parseAddress(location.hash);
      this.#refresh();
      if (this.#address.place !== undefined) this.#lookAt();
    });
    addEventListener('beforeprint', drawAll);
    root.addEventListener('toggle', () => this.#partsChanged(), true);
    root.addEventListener('click', (event) => this.#clicked(event));
    this.#refresh();
    if (this.#address.place !== undefined) this.#lookAt();
  }

  update(next: PageData): void {
    this.#data = next;
    this.#cameAt = new Date();
    this.#refresh();
  }

  /** Shows what the address asks of the data. */
  #refresh(): void {
    const data = this.#data;
    const { place: asked, open, table } = this.#address;
    const place = asked ?? placeByItself(data, this.#shown?.place);
    this.#head.replaceChildren(...headOf(data, this.#cameAt));
    this.#overview.show(data, table, place);
    this.#skip.hidden = place === undefined;
    this.#skip.textContent = `Skip to the ${place?.kind ?? 'run'}`;
    this.#show(place);
    applyParts(this.#root, open);
  }

  #lookAt(): void {
    const root = this.#shown?.article.root;
    root?.focus({ preventScroll: true });
    root?.scrollIntoView({ block: 'start' });
  }

  #show(place: Place | undefined): void {
    if (isSamePlace(this.#shown?.place, place) && this.#shown !== undefined) {
      this.#shown.article.update(this.#data);
      return;
    }
    this.#shown?.article.dispose();
    const article = place === undefined ? undefined : articleAt(place, this.#data);
    this.#shown = place === undefined || article === undefined ? undefined : { place, article };
    const nothing = nothingThere(this.#data, place);
    this.#article.replaceChildren(...(this.#shown !== undefined ? [this.#shown.article.root] : nothing));
  }

  #tableChanged(table: TableState): void {
    const sortOnly = JSON.stringify({ ...table, sort: 0 }) === JSON.stringify({ ...this.#address.table, sort: 0 });
    this.#write({ ...this.#address, table });
    // A table that was sorted by hand has its order already, and its focus.
    if (!sortOnly) this.#overview.show(this.#data, table, this.#shown?.place);
  }

  #partsChanged(): void {
    const open = openParts(this.#root);
    if (open.join() !== this.#address.open.join()) this.#write({ ...this.#address, open });
  }

  #write(address: Address): void {
    this.#address = address;
    const fragment = formatAddress(address);
    history.replaceState(null, '', fragment === '#' ? location.pathname + location.search : fragment);
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest('button[data-part]') instanceof HTMLElement) this.#partsChanged();
    const href = target?.closest('a[href^="#"]')?.getAttribute('href') ?? undefined;
    if (href === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const { place } = parseAddress(href);
    if (href === `#${articleId}` || isSamePlace(place, this.#shown?.place)) {
      this.#lookAt();
      return;
    }
    // The table stays as it was narrowed and sorted, and so do the findings that were unfolded.
    const next = formatAddress({
      ...(place !== undefined && { place }),
      open: openParts(this.#overview.root),
      table: this.#address.table,
    });
    location.hash = next;
  }
}

function articleAt({ kind, id }: Place, data: PageData): Article | undefined {
  if (!isThere(data, { kind, id })) return undefined;
  if (kind === 'endpoint') return { ...endpointArticle(id, data), dispose: () => undefined };
  if (kind === 'finding') {
    const finding = findingsOf(data).find((each) => each.id === id);
    // Findings come when all has ended: on a page that still grows there are none.
    return finding && { ...findingArticle(finding, data.runs), update: () => undefined };
  }
  const runIn = ({ runs }: PageData) => runs.find((run) => run.id === id);
  const first = runIn(data);
  if (first === undefined) return undefined;
  const article = runArticle(first, findingsOn(data, first));
  return {
    ...article,
    update: (next) => {
      const run = runIn(next);
      if (run !== undefined) article.update(run);
    },
  };
}

function nothingThere({ kind, runs }: PageData, place: Place | undefined): HTMLElement[] {
  if (place !== undefined)
    return [
      element(
        'p',
        { class: 'nothing', role: 'alert' },
        `This ${kind === 'live' ? 'page' : 'report'} has no ${place.kind} `,
        given(place.id),
        ': the address may be of another report.',
      ),
    ];
  if (runs.length > 0) return [];
  return [element('p', { class: 'nothing' }, kind === 'live' ? 'Waiting for the first run.' : 'No run was recorded.')];
}

function headOf(data: PageData, cameAt: Date): HTMLElement[] {
  if (data.kind === 'live') return liveHead(data, cameAt);
  const { verdict, sentence, context, machine } = headFacts(data, (iso) => new Date(iso).toLocaleString());
  return [
    element('p', { class: 'sentence' }, verdictMark(verdict), ` ${sentence}`),
    ...(context.length === 0 ? [] : [element('p', { class: 'about context' }, ...context.map(factElement))]),
    element('p', { class: 'about' }, ...machine.map(factElement)),
  ];
}

function liveHead({ runs, end }: Extract<PageData, { kind: 'live' }>, cameAt: Date): HTMLElement[] {
  const tally = tallyOf(runs);
  if (end === undefined)
    return [
      element('p', { class: 'sentence' }, 'live: ', tally || 'no run yet'),
      element('p', { class: 'about' }, element('span', {}, `as of ${cameAt.toLocaleTimeString()}`)),
    ];
  const verdict = end.verdict === undefined ? [] : [verdictMark(end.verdict), ' '];
  return [
    element('p', { class: 'sentence' }, ...verdict, `the test run has ended: ${tally || 'no run'}`),
    ...(end.files.length === 0
      ? []
      : [element('p', { class: 'about' }, ...end.files.map((path) => element('code', {}, given(path))))]),
  ];
}

function factElement({ text, href }: HeadFact): HTMLElement {
  return element('span', {}, href === undefined ? given(text) : element('a', { href, rel: 'noreferrer' }, given(text)));
}
