/**
 * The rows of a run's table while it is being measured: finds the row of a sample in two look-ups, and files what
 * became of it.
 */
import { otherEndpoints } from './bounded-rows.ts';
import { entryName } from './entry-name.ts';
import { emptyEndpoint, emptyEndpointWindow, type EndpointData, type EndpointWindow, entry, lose } from './run-data.ts';
import { countOne } from './run-window.ts';
import { EndpointNames } from './samples/endpoint-name.ts';
import type { PhaseBounds } from './samples/kind.ts';
import { kindOf, type Sample } from './samples/sample.ts';
import { ServerTimingRow, serverTimingsOf } from './server-timing.ts';
import { TargetVersions } from './target-versions.ts';

/** Endpoints told apart at most: the memory of a run is bounded even if its URLs are not. */
export const maxEndpoints = 500;

/** `unfinished`: cut off at the end of the run, its latency a lower bound. */
export type Outcome = 'ok' | 'failed' | 'timedOut' | 'unfinished';

/** A sample of the measured part that is over. `responseMs` is absent in a closed model. */
export interface FiledSample extends PhaseBounds {
  readonly sample: Sample;
  readonly outcome: Outcome;
  readonly serviceMs: number;
  readonly responseMs: number | undefined;
}

export class EndpointRow {
  readonly name: string;
  readonly data: EndpointData;
  #window: EndpointWindow = emptyEndpointWindow();
  #windowSecond = Number.NaN;
  #timing: ServerTimingRow | undefined;

  constructor(name: string, data: EndpointData) {
    this.name = name;
    this.data = data;
  }

  /** Into the second in which the request was meant to start; negative ones belong to the warm-up. */
  fileSecond(second: number, outcome: Outcome, latencyMs: number): void {
    if (second !== this.#windowSecond) {
      this.#window = entry(this.data.windows, second, emptyEndpointWindow);
      this.#windowSecond = second;
    }
    const window = this.#window;
    if (outcome === 'ok') window.ok += 1;
    else window.failed += 1;
    if (outcome === 'failed') return;
    window.latency.record(latencyMs);
    window.sumMs += latencyMs;
  }

  /** Says what it was answered with, if it was. */
  file(filed: FiledSample): string | undefined {
    const { sample, outcome, serviceMs, responseMs } = filed;
    const kind = kindOf(sample);
    const { data } = this;
    const { counts, statuses } = data;
    counts.scheduled += 1;
    counts.started += 1;
    counts[outcome] += 1;
    if (outcome === 'failed') data.failures.recordMs(responseMs ?? serviceMs);
    else {
      data.service.recordMs(serviceMs);
      if (responseMs !== undefined) data.response.recordMs(responseMs);
      if (outcome !== 'ok') lose(data, serviceMs);
      data.blockedMs += kind.filePhases(sample, filed, data.phases);
    }
    data.bytesSent += sample.bytesSent;
    data.bytesReceived += sample.bytesReceived;
    const serverTiming = outcome === 'ok' ? kind.serverTimingOf?.(sample) : undefined;
    if (serverTiming !== undefined) this.#fileTiming(serverTiming);
    const answer = kind.answerOf(sample);
    if (answer === undefined) return undefined;
    const word = String(answer);
    countOne(statuses, word);
    return word;
  }

  /** A header without one time makes no row of any. */
  #fileTiming(header: string): void {
    const timings = serverTimingsOf(header);
    if (timings.length > 0) (this.#timing ??= new ServerTimingRow(this.data)).file(timings);
  }
}

export class EndpointRows {
  readonly #names: EndpointNames;
  /** By the name that was wanted, and by the one that is kept. */
  readonly #rows = new Map<string, EndpointRow>();
  readonly #endpoints: Map<string, EndpointData>;

  readonly #versions: TargetVersions;
  /** Origins that were looked at for their version. */
  #seenOrigins = 0;

  /** `routes`: the user's own. */
  constructor(endpoints: Map<string, EndpointData>, routes: readonly string[], versionHeader?: string) {
    this.#endpoints = endpoints;
    this.#versions = new TargetVersions(versionHeader);
    this.#names = new EndpointNames(routes);
  }

  get origins(): string[] {
    return this.#names.origins;
  }

  get versions(): Readonly<Record<string, string>> | undefined {
    return this.#versions.byOrigin;
  }

  /** What a request is called that has no name of its own. */
  nameOf(method: string, url: string): string {
    return this.#names.of(method, url, undefined);
  }

  /** A row or an origin that is new tells its server's version; a request like those before it is not looked at. */
  of(sample: Sample): EndpointRow {
    const wanted = kindOf(sample).rowOf(sample, this.#names);
    const known = this.#rows.get(wanted);
    const origins = this.#names.originCount;
    if (known === undefined || origins !== this.#seenOrigins || this.#versions.isWanting) {
      this.#seenOrigins = origins;
      this.#versions.note(sample);
    }
    if (known !== undefined) return known;
    const kept = entryName(wanted);
    const filedAs = this.#endpoints.has(kept) || this.#endpoints.size < maxEndpoints ? kept : otherEndpoints;
    const row = entry(
      this.#rows,
      filedAs,
      () => new EndpointRow(filedAs, entry(this.#endpoints, filedAs, emptyEndpoint)),
    );
    if (this.#rows.size < 4 * maxEndpoints) this.#rows.set(wanted, row);
    return row;
  }
}
