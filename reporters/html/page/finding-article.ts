/** One finding: its verdict and sentence, its chart, its table, its figures, and the runs that it rests on. */
import { type FindingTable, titleOfFinding } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { figureWords } from '../../words/finding-figures.ts';
import { cellOf, findingValue, measuredColumns, restsOn } from '../../words/findings.ts';
import type { RunView } from '../run-view.ts';
import { articleId } from './article-id.ts';
import { chartFigure } from './chart-figure.ts';
import { findingDownloads } from './downloads.ts';
import { element, given } from './element.ts';
import { findingChartSpec } from './finding-chart-spec.ts';
import { addressOf } from './address.ts';
import { sortableTable } from './sortable-table.ts';
import { findingMark, verdictMark } from './tables.ts';
import { titleParts } from './title-parts.ts';

export interface FindingArticle {
  readonly root: HTMLElement;
  dispose(): void;
}

export function findingArticle(finding: FindingSummary, runs: readonly RunView[]): FindingArticle {
  const chart = finding.chart === undefined ? undefined : chartFigure(findingChartSpec(finding.chart));
  const root = element(
    'article',
    { id: articleId, class: 'finding', 'aria-label': 'Finding', tabindex: -1 },
    element('section', {}, headOf(finding)),
    chart !== undefined && element('div', { class: 'charts' }, chart.root),
    section('Table', tableOf(finding)),
    section('Figures', figuresOf(finding)),
    section('Runs', runsOf(finding, runs)),
  );
  return { root, dispose: () => chart?.dispose() };
}

function headOf(finding: FindingSummary): HTMLElement {
  const { verdict, sentence, title, project, tags, file, line, runs } = finding;
  const rests = restsOn(runs.length);
  const facts = [project, ...tags, `${file}:${line}`, ...(rests === undefined ? [] : [rests])].filter(
    (fact) => fact !== '',
  );
  return element(
    'header',
    { class: 'run-head' },
    element('h2', {}, given(titleOfFinding(finding))),
    element('p', { class: 'sentence' }, findingMark(verdict), element('span', {}, given(sentence))),
    element(
      'p',
      { class: 'about' },
      element('strong', {}, ...titleParts(title)),
      ...facts.map((fact) => element('span', {}, given(fact))),
      findingDownloads(finding),
    ),
  );
}

function section(title: string, content: HTMLElement | undefined): HTMLElement | false {
  return content !== undefined && element('section', {}, element('h3', {}, title), content);
}

function tableOf({ table }: FindingSummary): HTMLElement | undefined {
  const columns = table === undefined ? [] : measuredColumns(table);
  if (table === undefined || columns.length === 0) return undefined;
  return sortableTable<FindingTable['rows'][number]>({
    caption: 'Table',
    rows: table.rows,
    columns: columns.map(({ name, unit }) => ({
      head: name,
      numeric: unit !== 'text',
      cell: (row) => {
        const text = findingValue(cellOf(row, name), unit);
        return unit === 'text' ? element('span', { class: 'words' }, given(text)) : text;
      },
      sortBy: (row) => cellOf(row, name),
    })),
  });
}

function figuresOf(finding: FindingSummary): HTMLElement | undefined {
  const figures = figureWords(finding);
  if (figures.length === 0) return undefined;
  return element(
    'dl',
    { class: 'facts' },
    ...figures.flatMap(([name, value]) => [element('dt', {}, given(name)), element('dd', {}, given(value))]),
  );
}

function runsOf({ runs: places }: FindingSummary, runs: readonly RunView[]): HTMLElement | undefined {
  const known = places.flatMap((index) => runs[index] ?? []);
  if (known.length === 0) return undefined;
  return element(
    'ul',
    { class: 'links' },
    ...known.map(({ id, state, title, profile }) =>
      element(
        'li',
        {},
        state.kind === 'judged' && verdictMark(state.verdict),
        element('a', { href: addressOf({ kind: 'run', id }) }, ...titleParts(title.slice(-2))),
        element('small', {}, given(profile)),
      ),
    ),
  );
}
