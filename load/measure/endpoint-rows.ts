/**
 * The rows of a run's table while it is being measured: finds the row of a request in two look-ups, and files what
 * became of it.
 */
import { EndpointNames } from './endpoint-name.ts';
import { entryName } from './entry-name.ts';
import type { MeasuredRequest } from './measured-request.ts';
import { emptyEndpoint, emptyEndpointWindow, type EndpointData, type EndpointWindow, entry } from './run-data.ts';

/** Endpoints told apart at most: the memory of a run is bounded even if its URLs are not. */
export const maxEndpoints = 500;
/** The row for all beyond that. */
export const otherEndpoints = '(other endpoints)';

/** `unfinished`: cut off at the end of the run, its latency a lower bound. */
export type Outcome = 'ok' | 'failed' | 'timedOut' | 'unfinished';

/** A request of the measured part that is over. `responseMs` is absent in a closed model. */
export interface FiledRequest {
  readonly request: MeasuredRequest;
  readonly outcome: Outcome;
  /** Intended start in an open model, the call in a closed one; and the last byte, or when it was given up. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly serviceMs: number;
  readonly responseMs: number | undefined;
}

export class EndpointRow {
  readonly name: string;
  readonly data: EndpointData;
  #window: EndpointWindow = emptyEndpointWindow();
  #windowSecond = Number.NaN;

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

  file(filed: FiledRequest): void {
    const { request, outcome, serviceMs, responseMs } = filed;
    const { data } = this;
    const { counts, statuses } = data;
    const { status } = request;
    counts.scheduled += 1;
    counts.started += 1;
    counts[outcome] += 1;
    if (outcome === 'failed') data.failures.recordMs(responseMs ?? serviceMs);
    else this.#fileTimes(filed);
    data.bytesSent += request.bytesSent;
    data.bytesReceived += request.bytesReceived;
    if (status === undefined) return;
    const word = String(status);
    statuses.set(word, (statuses.get(word) ?? 0) + 1);
  }

  /** What is in no other phase is waiting, once the request was sent: hops before a redirect, an answer that never came. */
  #fileTimes({ request, serviceMs, responseMs, fromMs, toMs }: FiledRequest): void {
    const { data } = this;
    const { phases } = data;
    data.service.recordMs(serviceMs);
    if (responseMs !== undefined) data.response.recordMs(responseMs);
    const { receivingMs, sentAtMs } = request;
    const setUpMs = request.connectMs === undefined ? 0 : this.#fileSetUp(request);
    const unsentMs = (sentAtMs === undefined || sentAtMs > toMs ? toMs : sentAtMs) - fromMs - setUpMs;
    const blockedMs = unsentMs > 0 ? unsentMs : 0;
    data.blockedMs += blockedMs;
    if (receivingMs !== undefined) phases.receiving.recordMs(receivingMs);
    if (sentAtMs === undefined) return;
    const restMs = toMs - fromMs - blockedMs - setUpMs - (receivingMs ?? 0);
    phases.waiting.recordMs(restMs > 0 ? restMs : 0);
  }

  /** What opening a connection took; a reused one has none of it. */
  #fileSetUp({ dnsMs = 0, connectMs = 0, tlsMs = 0 }: MeasuredRequest): number {
    const { phases } = this.data;
    if (dnsMs > 0) phases.dns.recordMs(dnsMs);
    phases.connect.recordMs(connectMs);
    if (tlsMs > 0) phases.tls.recordMs(tlsMs);
    return dnsMs + connectMs + tlsMs;
  }
}

export class EndpointRows {
  readonly #names = new EndpointNames();
  /** By the name that was wanted, and by the one that is kept. */
  readonly #rows = new Map<string, EndpointRow>();
  readonly #endpoints: Map<string, EndpointData>;

  constructor(endpoints: Map<string, EndpointData>) {
    this.#endpoints = endpoints;
  }

  get origins(): string[] {
    return this.#names.origins;
  }

  of({ method, url, name }: MeasuredRequest): EndpointRow {
    const wanted = this.#names.of(method, url, name);
    const known = this.#rows.get(wanted);
    if (known !== undefined) return known;
    const kept = entryName(wanted);
    const filedAs = this.#endpoints.has(kept) || this.#endpoints.size < maxEndpoints ? kept : otherEndpoints;
    const row = entry(
      this.#rows,
      filedAs,
      () => new EndpointRow(filedAs, entry(this.#endpoints, filedAs, emptyEndpoint)),
    );
    if (filedAs === kept && this.#rows.size < 4 * maxEndpoints) this.#rows.set(wanted, row);
    return row;
  }
}
