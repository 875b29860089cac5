/**
 * When each request of a log is due: its moment in the log, from the first one on, divided by the speed. It is what the
 * open loop goes by in place of a rate.
 */
import { createHash } from 'node:crypto';
import type { Curve } from '../curve.ts';
import type { ReadLog, RecordedLine, ReplayedRequest } from './recorded-line.ts';

/** Starts at most: each is in memory as long as its load lasts. */
export const mostStarts = 1_000_000;

/** Starts whose moments are listed, with the row of data that each brings along. */
export class Timetable {
  /** Rising, from 0; in milliseconds. */
  readonly dueMs: Float64Array;
  /** Of each start. */
  readonly rows: readonly ReplayedRequest[];
  readonly endMs: number;

  constructor(dueMs: Float64Array, rows: readonly ReplayedRequest[], endMs: number) {
    this.dueMs = dueMs;
    this.rows = rows;
    this.endMs = endMs;
  }

  /** What it says, in short: shards compare what they are about to send. */
  toJSON(): string {
    const hash = createHash('sha256').update(this.dueMs);
    for (const row of this.rows) hash.update(JSON.stringify(row));
    return hash.digest('hex');
  }

  /** Starts per second over time, in steps: for charts and sentences. */
  get curve(): Curve {
    const steps = Math.min(mostSteps, Math.max(1, Math.ceil(this.endMs / 1_000)));
    const stepMs = this.endMs / steps;
    const counts = new Float64Array(steps);
    for (const due of this.dueMs) {
      const at = Math.min(steps - 1, Math.floor(due / stepMs));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return Array.from(counts).flatMap((count, at) => {
      const value = (count * 1_000) / stepMs;
      return [
        { atMs: at * stepMs, value },
        { atMs: (at + 1) * stepMs, value },
      ];
    });
  }

  /**
   * Another length with the same rate, or a share of the rate: the requests are dealt out evenly over what is left, each
   * once or, beyond the whole, several times. There is one at least.
   */
  resized({ length, rate }: { readonly length: number; readonly rate: number }): Timetable {
    const share = length * rate;
    const taken = Array.from(this.dueMs).flatMap((due, at) => {
      const times = startedBefore(at + 1, share) - startedBefore(at, share);
      return Array.from({ length: times }, () => ({ due: due * length, at }));
    });
    const rows = taken.map(({ at }) => this.rows[at]).filter((row) => row !== undefined);
    return new Timetable(
      Float64Array.from(taken, ({ due }) => due),
      rows,
      this.endMs * length,
    );
  }

  /** The first requests again, at so many a second and for so long: what a warm-up sends. */
  warmUp(perSec: number, ms: number): Timetable {
    const count = Math.max(1, Math.floor((perSec * ms) / 1_000));
    const dueMs = Float64Array.from({ length: count }, (_, at) => (at * ms) / count);
    const rows = Array.from({ length: count }, (_, at) => this.rows[at % this.rows.length]);
    return new Timetable(
      dueMs,
      rows.filter((row) => row !== undefined),
      ms,
    );
  }
}

/** Of the first so many, how many a share of them is: rounded up, so that the first is always one of them. */
function startedBefore(count: number, share: number): number {
  return Math.ceil(count * share - roundingSlack);
}

/** A share such as a tenth is no whole number of bits. */
const roundingSlack = 1e-9;

/** Steps of the curve at most, so that a log of a month is no bigger in a report than one of an hour. */
const mostSteps = 1_000;

export interface TimetableOptions {
  readonly speed: number;
  /** Where the log knows whole seconds only: its requests are spread evenly over theirs. */
  readonly spread: boolean;
}

/** A log has its lines in the order in which requests ended: they are put into that of their moments. */
export function timetableOf({ lines, wholeSeconds }: ReadLog, { speed, spread }: TimetableOptions): Timetable {
  const recorded = lines.filter((line): line is RecordedLine => 'request' in line);
  recorded.sort((a, b) => a.atMs - b.atMs); // stable: lines of one moment stay as they are
  const firstMs = recorded[0]?.atMs ?? 0;
  const atMs = wholeSeconds && spread ? spreadOver(recorded) : recorded.map((line) => line.atMs);
  const dueMs = Float64Array.from(atMs, (ms) => (ms - firstMs) / speed);
  const lastMs = (recorded.at(-1)?.atMs ?? 0) + (wholeSeconds ? 1_000 : 0) - firstMs;
  return new Timetable(
    dueMs,
    recorded.map(({ request }) => request),
    Math.max(1, lastMs / speed),
  );
}

function spreadOver(lines: readonly RecordedLine[]): number[] {
  const spread: number[] = [];
  for (let from = 0; from < lines.length;) {
    const second = lines[from]?.atMs ?? 0;
    let end = from;
    while (lines[end]?.atMs === second) end += 1;
    for (let at = from; at < end; at++) spread.push(second + ((at - from) * 1_000) / (end - from));
    from = end;
  }
  return spread;
}
