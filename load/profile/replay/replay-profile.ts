/** A log as a profile: its requests are due as they came, faster or slower. */
import { formatDuration } from '../../measure/units.ts';
import { Profile } from '../profile.ts';
import type { ReadLog } from './recorded-line.ts';
import { timetableOf, type TimetableOptions } from './timetable.ts';

/** What `replay` makes: an open model, in which each start brings along its request of the log as `data`. */
export class Replay extends Profile {
  /** Lines that can't be sent again, by why. */
  readonly leftOut: Readonly<Record<string, number>>;

  /** @internal */
  constructor(name: string, log: ReadLog, options: TimetableOptions) {
    const timetable = timetableOf(log, options);
    const leftOut = countLeftOut(log);
    super([{ kind: 'arrivals', distribution: 'listed', curve: timetable.curve, timetable }], wordsOf());
    this.leftOut = leftOut;

    /** `access.log at 2 × its speed: 5,000 requests in 30s, 3 lines left out (2 malformed, 1 CONNECT)`. */
    function wordsOf(): string {
      const requests = timetable.rows.length;
      const pace = options.speed === 1 ? '' : ` at ${options.speed} × its speed`;
      return `${name}${pace}: ${count(requests, 'request')} in ${formatDuration(Math.round(timetable.endMs))}${leftOutWords(leftOut)}`;
    }
  }
}

function countLeftOut({ lines }: ReadLog): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) if ('leftOut' in line) counts[line.leftOut] = (counts[line.leftOut] ?? 0) + 1;
  return counts;
}

/** Empty where every line can be sent. */
function leftOutWords(leftOut: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(leftOut);
  if (reasons.length === 0) return '';
  const total = reasons.reduce((sum, [, each]) => sum + each, 0);
  const why = reasons.map(([reason, each]) => `${each.toLocaleString('en-US')} ${reason}`).join(', ');
  return `, ${count(total, 'line')} left out (${why})`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}
