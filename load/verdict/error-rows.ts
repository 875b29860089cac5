/** The rows of a table of errors: what each says and when it came, those of one kind and endpoint as one where room is short. */
import type { ErrorSummary, RunFigures } from '../measure/summary.ts';
import { formatCount } from '../measure/units.ts';
import { spanWords } from './when.ts';

export interface ErrorRow extends ErrorSummary {
  /** Rows that this one stands for, itself among them. */
  readonly rows: number;
}

/** At most `most` rows, the commonest first; those that say different things are folded only where they do not fit. */
export function errorRows(errors: readonly ErrorSummary[], most: number): readonly ErrorRow[] {
  const alone = errors.map((error) => ({ ...error, rows: 1 }));
  if (alone.length <= most) return alone;
  const folded = new Map<string, ErrorRow>();
  for (const row of alone) {
    const key = `${row.kind}\n${row.endpoint}`;
    const known = folded.get(key);
    folded.set(key, known === undefined ? row : together(known, row));
  }
  return [...folded.values()].sort((a, b) => b.count - a.count).slice(0, most);
}

function together(first: ErrorRow, other: ErrorRow): ErrorRow {
  const from = [first.fromMs, other.fromMs].filter((ms) => ms !== undefined);
  const to = [first.toMs, other.toMs].filter((ms) => ms !== undefined);
  return {
    ...first,
    count: first.count + other.count,
    rows: first.rows + 1,
    ...(from.length > 0 && to.length > 0 && { fromMs: Math.min(...from), toMs: Math.max(...to) }),
  };
}

/** What tells it apart comes first, since the rest may be cut: `db locked, and 3 others (GET /a answered 503)`. */
export function saidInRow({ sample, body, rows }: Pick<ErrorRow, 'sample' | 'body' | 'rows'>): string {
  const others = rows > 1 ? `, and ${formatCount(rows - 1)} other${rows > 2 ? 's' : ''}` : '';
  return body === undefined ? `${sample}${others}` : `${body}${others} (${sample})`;
}

/** `from 0:08 to 0:12`; empty where nothing tells. */
export function timeOfRow(
  { fromMs, toMs }: Pick<ErrorSummary, 'fromMs' | 'toMs'>,
  { durationMs }: Pick<RunFigures, 'durationMs'>,
): string {
  return fromMs === undefined || toMs === undefined ? '' : spanWords({ fromMs, toMs }, durationMs);
}
