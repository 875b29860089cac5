/** Holds a reading against its bar. The median decides; the repeats beside it tell how much it is worth. */
import { unreachable } from '../load/unreachable.ts';
import type { Bar, Reading } from './reading.ts';
import { type Spread, spreadOf } from './spread.ts';

export type Outcome = 'met' | 'missed' | 'no bar' | 'not measured';

export interface Judged {
  readonly reading: Reading;
  readonly outcome: Outcome;
  readonly spread?: Spread;
  /** Measured over bar: above 1 is good for `≥`, below 1 for `<`. Absent without a bar or with a bar of 0. */
  readonly ofBar?: number;
}

export function judge(reading: Reading): Judged {
  if (reading.kind === 'not measured') return { reading, outcome: 'not measured' };
  const spread = spreadOf(reading.values);
  const { bar } = reading;
  if (bar === undefined) return { reading, outcome: 'no bar', spread };
  return {
    reading,
    outcome: meets(spread.median, bar) ? 'met' : 'missed',
    spread,
    ...(bar.limit !== 0 && { ofBar: spread.median / bar.limit }),
  };
}

function meets(value: number, { is, limit }: Bar): boolean {
  switch (is) {
    case '≥':
      return value >= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '=':
      return value === limit;
    default:
      return unreachable(is);
  }
}
