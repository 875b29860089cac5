/** What narrows the table of runs: words, project, tag, verdict. */
import type { OverviewRow } from '../overview-row.ts';
import type { TableState } from './address.ts';
import { button, element } from './element.ts';
import { severity } from './order.ts';

export type RunFilter = Omit<TableState, 'sort'>;

/** Every word has to be somewhere in what its row says. */
export function fits({ run, stand, limits, reason = '' }: OverviewRow, filter: RunFilter): boolean {
  const { project, tag, verdict } = filter;
  if (project !== '' && run.project !== project) return false;
  if (tag !== '' && !run.tags.includes(tag)) return false;
  if (verdict !== '' && stand !== verdict) return false;
  const told = [...run.title, run.project, ...run.tags, ...run.owners, run.profile, ...limits, stand, reason];
  const text = told.join(' ').toLowerCase();
  return filter.filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export interface FilterBar {
  readonly root: HTMLElement;
  /** Shows what holds, and how many runs are left of all. */
  show(filter: RunFilter, shown: number, rows: readonly OverviewRow[]): void;
}

/** `onChange` is told the whole of what is asked now. */
export function filterBar(onChange: (filter: RunFilter) => void): FilterBar {
  const words = element('input', {
    type: 'search',
    placeholder: 'Filter runs',
    'aria-label': 'Filter runs by text',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const choices = { verdict: element('select'), project: element('select'), tag: element('select') };
  const left = element('span', { class: 'hint', role: 'status' });
  const tell = () => {
    const { verdict, project, tag } = choices;
    onChange({ filter: words.value.trim(), verdict: verdict.value, project: project.value, tag: tag.value });
  };
  const clear = button('Clear', () => onChange({ filter: '', verdict: '', project: '', tag: '' }));
  words.addEventListener('input', tell);
  for (const choice of Object.values(choices)) choice.addEventListener('change', tell);
  const root = element('form', { class: 'filter', role: 'search' }, words, ...Object.values(choices), clear, left);
  root.addEventListener('submit', (event) => event.preventDefault());
  return {
    root,
    show(filter, shown, rows) {
      if (words.value.trim() !== filter.filter) words.value = filter.filter;
      const stands = severity.filter((verdict) => rows.some(({ stand }) => stand === verdict));
      fill(choices.verdict, 'Every verdict', stands, filter.verdict);
      fill(choices.project, 'Every project', distinct(rows.map(({ run }) => run.project)), filter.project);
      fill(choices.tag, 'Every tag', distinct(rows.flatMap(({ run }) => run.tags)), filter.tag);
      clear.hidden = Object.values(filter).every((asked) => asked === '');
      left.textContent = shown === rows.length ? `${shown} runs` : `${shown} of ${rows.length} runs`;
    },
  };
}

/** A choice of one is none; what the address asks for is shown even where no run has it. */
function fill(choice: HTMLSelectElement, all: string, values: readonly string[], chosen: string): void {
  const shown = chosen === '' || values.includes(chosen) ? values : [...values, chosen];
  const known = [...choice.options].map(({ value }) => value);
  if (known.join('\n') !== ['', ...shown].join('\n'))
    choice.replaceChildren(
      element('option', { value: '' }, all),
      ...shown.map((value) => element('option', { value }, value)),
    );
  choice.setAttribute('aria-label', all);
  choice.value = chosen;
  choice.hidden = shown.length < 2 && chosen === '';
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))].sort((a, b) => a.localeCompare(b));
}
