/**
 * Rows by name, of which a recorder tells only so many apart: all beyond them are in one row. Segments that have told others
 * apart are added so that a row which is shown is whole: where one segment may have counted a name among its others, so do all.
 */

/** The row for all names beyond the bound. */
export const otherEndpoints = '(other endpoints)';
export const otherTags = '(other tags)';
export const otherGroups = '(other groups)';
export const otherChecks = '(other checks)';
export const otherTimings = '(other timings)';

export interface RowKind<Row> {
  /** The row for what is not told apart. */
  readonly others: string;
  readonly empty: () => Row;
  readonly add: (into: Row, from: Row) => void;
}

export function addRows<Row>(into: Map<string, Row>, from: ReadonlyMap<string, Row>, kind: RowKind<Row>): void {
  const nameIn = mergedNames(into, from.keys(), kind);
  for (const [name, row] of from) addRow(into, nameIn(name), row, kind);
}

/** Where rows of these names are added. Before that, rows that are not whole with them are put to the others. */
export function mergedNames<Row>(
  into: Map<string, Row>,
  from: Iterable<string>,
  kind: RowKind<Row>,
): (name: string) => string {
  const { others } = kind;
  const isWholeHere = wholeIn(into.keys(), others);
  const isWholeThere = wholeIn(from, others);
  for (const [name, row] of [...into])
    if (!isWholeThere(name)) {
      into.delete(name);
      addRow(into, others, row, kind);
    }
  return (name) => (isWholeHere(name) ? name : others);
}

/** Whether rows of these names, as they are now, have all of a name that there is. */
function wholeIn(names: Iterable<string>, others: string): (name: string) => boolean {
  const told = new Set(names);
  return (name) => !told.has(others) || told.has(name);
}

function addRow<Row>(into: Map<string, Row>, name: string, row: Row, { empty, add }: RowKind<Row>): void {
  const mine = into.get(name) ?? empty();
  add(mine, row);
  into.set(name, mine);
}
