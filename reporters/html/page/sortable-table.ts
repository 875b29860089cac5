/** A table that sorts by any of its columns, with a row that may open under each. */
import { button, type Child, element } from './element.ts';

export interface TableColumn<Row> {
  readonly head: string;
  /** Longer words for the head's tooltip. */
  readonly hint?: string;
  readonly cell: (row: Row) => Child;
  /** What the column sorts by; without it, it does not sort. What is not measured comes last. */
  readonly sortBy?: (row: Row) => number | string | undefined;
  readonly numeric?: boolean;
}

export interface TableParts<Row> {
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** Made when a row is opened for the first time. The first column carries the button. */
  readonly detail?: (row: Row) => Node;
}

interface Line<Row> {
  readonly row: Row;
  readonly elements: HTMLTableRowElement[];
}

export function sortableTable<Row>({ caption, columns, rows, detail }: TableParts<Row>): HTMLElement {
  const body = element('tbody');
  const lines: Line<Row>[] = rows.map((row) => lineOf(row, columns, detail));
  body.append(...lines.flatMap(({ elements }) => elements));
  const heads = columns.map((column) => headOf(column));
  columns.forEach(({ sortBy, head, numeric }, at) => {
    const th = heads[at];
    if (sortBy === undefined || th === undefined) return;
    th.replaceChildren(
      button(head, () => {
        const falls = th.getAttribute('aria-sort') === 'descending' || (th.ariaSort === null && numeric !== true);
        for (const other of heads) other.removeAttribute('aria-sort');
        th.setAttribute('aria-sort', falls ? 'ascending' : 'descending');
        lines.sort((a, b) => compare(sortBy(a.row), sortBy(b.row), falls ? 1 : -1));
        body.append(...lines.flatMap(({ elements }) => elements));
      }),
    );
  });
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, caption),
      element('thead', {}, element('tr', {}, ...heads)),
      body,
    ),
  );
}

function headOf<Row>({ head, hint, numeric, sortBy }: TableColumn<Row>): HTMLTableCellElement {
  return element(
    'th',
    { scope: 'col', class: numeric === true && 'number', title: hint },
    sortBy === undefined && head,
  );
}

function lineOf<Row>(row: Row, columns: readonly TableColumn<Row>[], detail: TableParts<Row>['detail']): Line<Row> {
  const cells = columns.map(({ cell, numeric }) => element('td', { class: numeric === true && 'number' }, cell(row)));
  const line: Line<Row> = { row, elements: [element('tr', {}, ...cells)] };
  const [first] = cells;
  if (detail !== undefined && first !== undefined) {
    const toggle = button('', () => open(line, columns.length, detail, toggle), {
      class: 'open',
      'aria-expanded': 'false',
    });
    toggle.append(...first.childNodes);
    first.append(toggle);
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
  const made = element('tr', { class: 'detail' }, element('td', { colspan: width }, detail(line.row)));
  line.elements.push(made);
  main?.after(made);
}

/** What was not measured comes last, whichever way the rest is sorted. */
function compare(a: number | string | undefined, b: number | string | undefined, direction: 1 | -1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (typeof a === 'string' || typeof b === 'string') return direction * String(a).localeCompare(String(b));
  return direction * (a - b);
}
