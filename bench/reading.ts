/**
 * What an experiment finds: figures with their repeats, each with the bar it was to clear, if there is one. A figure
 * that could not be had says why; it is never a zero.
 */

/** `/s` and `requests` are counts, `×` a ratio of two figures of one run, `%` a hundredth. `MB` and `KB` are 2^20 and 2^10 bytes. */
export type Unit = '/s' | 'MB/s' | '×' | 's' | 'ms' | 'µs' | 'MB' | 'KB' | '%' | 'requests';

export interface Bar {
  readonly is: '≥' | '>' | '<' | '=';
  readonly limit: number;
}

export type Reading = {
  readonly what: string;
  readonly unit: Unit;
  readonly bar?: Bar;
  /** What a reader has to know beside the figure: the other side of a ratio, who was at its limit. */
  readonly note?: string;
} & (
  | { readonly kind: 'measured'; readonly values: readonly [number, ...number[]] }
  | { readonly kind: 'not measured'; readonly reason: string }
);

type Aside = Pick<Reading, 'bar' | 'note'>;

/** A figure with its repeats. Throws `RangeError` if there are none or one is no finite number: that is a broken experiment. */
export function measured(what: string, unit: Unit, values: readonly number[], aside: Aside = {}): Reading {
  const [first, ...others] = values;
  if (first === undefined || !values.every(Number.isFinite))
    throw new RangeError(`\`${what}\` needs finite figures, got ${JSON.stringify(values)}`);
  return { what, unit, kind: 'measured', values: [first, ...others], ...aside };
}

export function notMeasured(what: string, unit: Unit, reason: string, aside: Aside = {}): Reading {
  return { what, unit, kind: 'not measured', reason, ...aside };
}

export const atLeast = (limit: number): Bar => ({ is: '≥', limit });
export const above = (limit: number): Bar => ({ is: '>', limit });
export const below = (limit: number): Bar => ({ is: '<', limit });
export const exactly = (limit: number): Bar => ({ is: '=', limit });
