/**
 * A table that sorts by any of its columns, with a row that may open under each. Where the page is narrow, its rows are
 * cards: so its roles are said, and each cell carries the head of its column.
 */
import type { Sort } from './address.ts';
import { button, type Child, element } from './element.ts';

export interface TableColumn<Row> {
  readonly head: string;
  /** Longer words for the head's tooltip. */
  readonly hint?: string;
  readonly cell: (row: Row) => Child;
  /** What the column sorts by; without it, it does not sort. What is not measured comes last. */
  readonly sortBy?: (row: Row) => number | string | undefined;
  readonly numeric?: boolean;
  /** Left out of a card: it says nothing there that the card does not say anyway. */
  readonly wideOnly?: boolean;
}

export interface TableParts<Row> {
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** Made when a row is opened for the first time. The first column carries the button. */
  readonly detail?: (row: Row) => Node;
  /** Names the part of the page that a row opens to, for the address. */
  readonly partOf?: (row: Row) => string;
  /** How it is sorted to begin with, by the head of a column; else the rows come as they are. */
  readonly sorted?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  readonly attributes?: (row: Row) => Readonly<Record<string, string | boolean | undefined>>;
}

interface Line<Row> {
  readonly row: Row;
  readonly elements: HTMLTableRowElement[];
}

export function sortableTable<Row>(parts: TableParts<Row>): HTMLElement {
  const { caption, columns, rows, sorted, onSort } = parts;
  const body = element('tbody', { role: 'rowgroup' });
  const lines: Line<Row>[] = rows.map((row) => lineOf(row, parts));
  const heads = columns.map((column) => headOf(column));
  const sort = (at: number, rising: boolean) => {
    const sortBy = columns[at]?.sortBy;
    if (sortBy === undefined) return;
    for (const head of heads) head.removeAttribute('aria-sort');
    heads[at]?.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    lines.sort((a, b) => compare(sortBy(a.row), sortBy(b.row), rising ? 1 : -1));
    body.append(...lines.flatMap(({ elements }) => elements));
  };
  columns.forEach(({ sortBy, head, numeric }, at) => {
    const th = heads[at];
    if (sortBy === undefined || th === undefined) return;
    th.replaceChildren(
      button(head, () => {
        const order = th.getAttribute('aria-sort');
        const rising = order === null ? numeric !== true : order === 'descending';
        sort(at, rising);
        onSort?.({ key: head, rising });
      }),
    );
  });
  body.append(...lines.flatMap(({ elements }) => elements));
  if (sorted !== undefined)
    sort(
      columns.findIndex(({ head }) => head === sorted.key),
      sorted.rising,
    );
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      { role: 'table' },
      element('caption', { class: 'unseen' }, caption),
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
      body,
    ),
  );
}

function headOf<Row>({ head, hint, numeric, sortBy }: TableColumn<Row>): HTMLTableCellElement {
  return element(
    'th',
    { scope: 'col', role: 'columnheader', class: numeric === true && 'number', title: hint },
    sortBy === undefined && head,
  );
}

function lineOf<Row>(row: Row, { columns, detail, partOf, attributes }: TableParts<Row>): Line<Row> {
  const cells = columns.map(({ head, cell, numeric, wideOnly }) =>
    element(
      'td',
      {
        role: 'cell',
        class: [numeric === true && 'number', wideOnly === true && 'wide-only'].filter(Boolean).join(' ') || false,
        'data-head': head,
      },
      cell(row),
    ),
  );
  const line: Line<Row> = { row, elements: [element('tr', { role: 'row', ...attributes?.(row) }, ...cells)] };
  const [first] = cells;
  if (detail === undefined || first === undefined) return line;
  const toggle = button('', () => open(line, columns.length, detail, toggle), {
    class: 'open',
    'aria-expanded': 'false',
    'data-part': partOf?.(row),
  });
  if (first.querySelector('a') === null) {
    toggle.append(...first.childNodes);
    first.append(toggle);
  } else {
    toggle.setAttribute('aria-label', `Details of ${first.textContent}`);
    first.classList.add('opens');
    first.prepend(toggle);
  }
  return line;
}

function open<Row>(
  line: Line<Row>,
  width: number,
  detail: NonNullable<TableParts<Row>['detail']>,
  toggle: HTMLButtonElement,
): void {
  const [main, opened] = line.elements;
  const wasOpen = toggle.getAttribute('aria-expanded') === 'true';
  toggle.setAttribute('aria-expanded', String(!wasOpen));
  if (opened !== undefined) {
    opened.hidden = wasOpen;
    return;
  }
  const made = element(
    'tr',
    { class: 'detail', role: 'row' },
    element('td', { colspan: width, role: 'cell' }, detail(line.row)),
  );
  line.elements.push(made);
  main?.after(made);
}

/** What was not measured comes last, whichever way the rest is sorted. */
function compare(a: number | string | undefined, b: number | string | undefined, direction: 1 | -1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (typeof a === 'string' || typeof b === 'string') return direction * String(a).localeCompare(String(b));
  return direction * (a - b);
}
