/**
 * What a server says of its own time in the answers' `Server-Timing` (https://www.w3.org/TR/server-timing/): each metric
 * that has a duration is a row of times.
 */
import { entryName } from './entry-name.ts';
import { LatencyHistogram } from './histogram.ts';
import type { RowExtras } from './row-extras.ts';
import { otherTimings } from './bounded-rows.ts';

export interface ServerTiming {
  readonly name: string;
  readonly ms: number;
}

/** Metrics of one row told apart at most. */
export const mostTimings = 20;
/** Metrics of one answer that are looked at. */
const mostInAnswer = 50;
/** What is said to have taken longer is no time. */
const longestMs = 3_600_000;

/** A quoted string (RFC 9110, 5.6.4), which may lack its end; a run of other characters; a sign between them. */
const pieces = /"(?:[^"\\]|\\[^])*"?|[^",;=]+|[,;=]/g;
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
const decimal = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The metrics of a header (several are one list) that have a duration: `db;dur=53;desc="a query", cache;dur=0.1`. A name
 * without one is no time, and of several the first counts; what is no metric is passed over.
 */
export function serverTimingsOf(header: string): ServerTiming[] {
  const timings: ServerTiming[] = [];
  let metric = new Metric();
  let read = 0;
  const end = (): void => {
    const timing = metric.timing();
    if (timing !== undefined) timings.push(timing);
    metric = new Metric();
    read += 1;
  };
  for (const [piece] of header.matchAll(pieces)) {
    if (piece !== ',') metric.take(piece);
    else end();
    if (read === mostInAnswer) return timings;
  }
  end();
  return timings;
}

/** One metric, piece by piece: its name, then parameters. */
class Metric {
  #name: string | undefined;
  #duration: string | undefined;
  /** What is being read: a name or parameter, and its value once a `=` has come. */
  #key = '';
  #value: string | undefined;

  take(piece: string): void {
    if (piece === ';') this.#endPart();
    else if (piece === '=') this.#value ??= '';
    else if (this.#value === undefined) this.#key += piece;
    else if (this.#value.trim() === '') this.#value = piece; // what stands behind a value belongs to nothing
  }

  timing(): ServerTiming | undefined {
    this.#endPart();
    const said = unquoted(this.#duration ?? '').trim();
    if (this.#name === undefined || !token.test(this.#name) || !decimal.test(said)) return undefined;
    const ms = Number(said);
    return ms <= longestMs ? { name: this.#name, ms } : undefined;
  }

  #endPart(): void {
    const key = this.#key.trim();
    if (this.#name === undefined) this.#name = this.#value === undefined ? key : '';
    else if (key.toLowerCase() === 'dur') this.#duration ??= this.#value ?? '';
    this.#key = '';
    this.#value = undefined;
  }
}

function unquoted(value: string): string {
  const text = value.trim();
  return text.startsWith('"') ? text.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : text;
}

/** The metrics of one row while it is being measured; those beyond the bound are in one. */
export class ServerTimingRow {
  readonly #times: Map<string, LatencyHistogram>;
  /** By the name as it came. */
  readonly #known = new Map<string, LatencyHistogram>();

  constructor(data: RowExtras) {
    this.#times = data.serverTiming ??= new Map();
  }

  file(timings: readonly ServerTiming[]): void {
    for (const { name, ms } of timings) (this.#known.get(name) ?? this.#of(name)).recordMs(ms);
  }

  #of(name: string): LatencyHistogram {
    const wanted = entryName(name);
    const kept = this.#times.has(wanted) || this.#times.size < mostTimings ? wanted : otherTimings;
    const times = this.#times.get(kept) ?? new LatencyHistogram();
    this.#times.set(kept, times);
    if (this.#known.size < 4 * mostTimings) this.#known.set(name, times);
    return times;
  }
}
