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

  file({ request, outcome, serviceMs, responseMs }: FiledRequest): void {
    const { counts, statuses } = this.data;
    const { status } = request;
    counts.scheduled += 1;
    counts.started += 1;
    counts[outcome] += 1;
    if (outcome === 'failed') this.data.failures.recordMs(responseMs ?? serviceMs);
    else this.#fileTimes(request, serviceMs, responseMs);
    this.data.bytesSent += request.bytesSent;
    this.data.bytesReceived += request.bytesReceived;
    if (status === undefined) return;
    const word = String(status);
    statuses.set(word, (statuses.get(word) ?? 0) + 1);
  }

  #fileTimes(request: MeasuredRequest, serviceMs: number, responseMs: number | undefined): void {
    const { phases, service, response } = this.data;
    service.recordMs(serviceMs);
    if (responseMs !== undefined) response.recordMs(responseMs);
    const { dnsMs, connectMs, tlsMs, waitingMs, receivingMs } = request;
    if (dnsMs !== undefined) phases.dns.recordMs(dnsMs);
    if (connectMs !== undefined) phases.connect.recordMs(connectMs);
    if (tlsMs !== undefined) phases.tls.recordMs(tlsMs);
    if (waitingMs !== undefined) phases.waiting.recordMs(waitingMs);
    if (receivingMs !== undefined) phases.receiving.recordMs(receivingMs);
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
