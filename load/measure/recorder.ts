/**
 * Takes what happens in a run and counts it. A request is filed by the second in which it was meant to start, warm-up
 * apart from everything else; nothing about a single request is kept, save the few exemplars.
 */
import { accountingProblems } from './counts.ts';
import { EndpointNames } from './endpoint-name.ts';
import { firstLine } from './exemplar.ts';
import { LatencyHistogram } from './histogram.ts';
import type { MeasuredRequest } from './measured-request.ts';
import {
  emptyEndpoint,
  emptyEndpointWindow,
  emptyRunData,
  emptyRunWindow,
  type EndpointData,
  entry,
  type RunData,
  type RunPlan,
  type RunWindow,
} from './run-data.ts';

/** An iteration as far as measuring goes. `dueMs` is on the recorder's clock; only an iteration's first request is measured from it. */
export interface MeasuredIteration {
  readonly warmUp: boolean;
  dueMs: number;
  /** Set by the recorder once the first request has taken `dueMs` for its intended start. */
  requested: boolean;
}

export interface RecorderOptions {
  readonly plan: RunPlan;
  /** Whether a status counts as success; statuses under 400 do unless the user says otherwise. */
  readonly expectStatus?: (status: number) => boolean;
}

/** Endpoints told apart at most: the memory of a run is bounded even if its URLs are not. */
export const maxEndpoints = 500;
const otherEndpoints = '(other endpoints)';
/** Errors told apart at most, likewise. */
const maxErrorGroups = 200;

export class Recorder {
  readonly data: RunData;
  readonly #open: boolean;
  readonly #names = new EndpointNames();
  readonly #expectStatus: (status: number) => boolean;
  /** Start of the measured part on the run's clock; what comes before is warm-up. */
  #zeroMs = 0;
  #inFlight = 0;
  /** Requests of the measured part that have begun and not ended. */
  #measuredInFlight = 0;
  /** Iterations of the measured part that have begun and not ended. */
  #iterationsUnderWay = 0;
  #users = 0;
  #arrivals = 0;
  #stopped = false;
  #lastEndMs = 0;
  #window: RunWindow = emptyRunWindow();
  #windowSecond = Number.NaN;

  constructor({ plan, expectStatus = (status) => status < 400 }: RecorderOptions) {
    this.data = emptyRunData(plan);
    this.#open = plan.model === 'open';
    this.#expectStatus = expectStatus;
  }

  /** The measured part begins at this moment of the run's clock. */
  begin(zeroMs: number): void {
    this.#zeroMs = zeroMs;
    this.#lastEndMs = zeroMs;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** When the last response of the measured part had come, on the run's clock. */
  get lastEndMs(): number {
    return this.#lastEndMs;
  }

  userCount(change: 1 | -1, nowMs: number): void {
    this.#users += change;
    const window = this.#at(nowMs);
    if (this.#users > window.users) window.users = this.#users;
  }

  /** An arrival is due: it will be started or dropped. */
  arrivalDue(dueMs: number, warmUp: boolean): void {
    if (!warmUp) this.#arrivals += 1;
    this.#at(dueMs).scheduled += 1;
  }

  /** An arrival that was due while `maxInFlight` was reached. */
  dropped(dueMs: number, warmUp: boolean): void {
    this.#at(dueMs).dropped += 1;
    if (warmUp) return;
    this.data.counts.scheduled += 1;
    this.data.counts.dropped += 1;
  }

  iterationStarted(iteration: MeasuredIteration, startedAtMs: number): void {
    if (!this.#open) this.#at(startedAtMs).scheduled += 1;
    if (iteration.warmUp) return;
    this.data.iterations.started += 1;
    this.#iterationsUnderWay += 1;
    if (this.#open) this.data.lag.recordMs(Math.max(0, startedAtMs - iteration.dueMs));
  }

  /** `failure` is what the scenario threw; `ofRequest` tells that it was a request's own error, which is counted there. */
  iterationEnded(
    iteration: MeasuredIteration,
    outcome: 'ok' | { readonly failure: unknown; readonly ofRequest: boolean },
  ): void {
    if (iteration.warmUp || this.#stopped) return;
    this.#iterationsUnderWay -= 1;
    if (outcome === 'ok') return;
    this.data.iterations.failed += 1;
    if (outcome.ofRequest) return;
    this.data.exceptions += 1;
    const message =
      outcome.failure instanceof Error
        ? `${outcome.failure.name}: ${outcome.failure.message}`
        : String(outcome.failure);
    this.#error('exception', `scenario: ${firstLine(message)}`, message);
  }

  requestStarted(iteration: MeasuredIteration, nowMs: number): void {
    this.#inFlight += 1;
    const window = this.#at(nowMs);
    if (this.#inFlight > window.inFlight) window.inFlight = this.#inFlight;
    if (iteration.warmUp) return;
    this.#measuredInFlight += 1;
    this.data.counts.started += 1;
    this.data.counts.scheduled += 1;
  }

  requestEnded(request: MeasuredRequest, iteration: MeasuredIteration): void {
    this.#inFlight -= 1;
    if (this.#stopped) return;
    const intendedMs = this.#open && !iteration.requested ? iteration.dueMs : request.calledAtMs;
    iteration.requested = true;
    const serviceMs = serviceMsOf(request);
    const responseMs = request.endedAtMs - intendedMs;
    const outcome = this.#outcomeOf(request);
    const endpoint = this.#endpoint(request);
    this.#intoWindows({
      endpoint,
      intendedMs,
      endedAtMs: request.endedAtMs,
      latencyMs: this.#open ? responseMs : serviceMs,
      ok: outcome === 'ok',
    });
    if (iteration.warmUp) return;
    this.#measuredInFlight -= 1;
    this.#lastEndMs = Math.max(this.#lastEndMs, request.endedAtMs);
    this.data.counts[outcome] += 1;
    endpoint.counts.scheduled += 1;
    endpoint.counts.started += 1;
    endpoint.counts[outcome] += 1;
    endpoint.service.recordMs(serviceMs);
    if (this.#open) endpoint.response.recordMs(responseMs);
    this.#intoPhases(endpoint, request);
    endpoint.bytesSent += request.bytesSent;
    endpoint.bytesReceived += request.bytesReceived;
    this.#intoApdex(outcome === 'ok', this.#open ? responseMs : serviceMs);
    if (request.status !== undefined) {
      const status = String(request.status);
      endpoint.statuses.set(status, (endpoint.statuses.get(status) ?? 0) + 1);
    }
    const name = this.#names.of(request.method, request.url, request.name);
    const atMs = intendedMs - this.#zeroMs;
    if (outcome === 'ok') this.data.exemplars.considerSlow(request, name, atMs, serviceMs);
    else this.#failed(request, { name, atMs, serviceMs });
  }

  check(name: string, passed: boolean, warmUp: boolean): void {
    if (warmUp) return;
    const check = entry(this.data.checks, name, () => ({ passed: 0, failed: 0 }));
    if (passed) check.passed += 1;
    else check.failed += 1;
  }

  group(name: string, ms: number, warmUp: boolean): void {
    if (!warmUp) entry(this.data.groups, name, () => new LatencyHistogram()).recordMs(ms);
  }

  /**
   * The run is over: what is still under way is `unfinished`, and whatever it says later is ignored. Checks the books.
   */
  finish(): void {
    this.#stopped = true;
    this.data.counts.unfinished += this.#measuredInFlight;
    this.data.iterations.unfinished += this.#iterationsUnderWay;
    this.data.accounting.push(...accountingProblems(this.data.counts, 'run'), ...this.#arrivalProblems());
    for (const [name, endpoint] of this.data.endpoints)
      this.data.accounting.push(...accountingProblems(endpoint.counts, name));
    const ended = [...this.data.endpoints.values()].reduce((sum, { service }) => sum + service.count, 0);
    const { ok, failed, timedOut } = this.data.counts;
    if (ended !== ok + failed + timedOut)
      this.data.accounting.push(`run: ${ok + failed + timedOut} requests ended, but ${ended} latencies were recorded`);
    this.#dropEmptyEndpoints();
  }

  #arrivalProblems(): string[] {
    const { started } = this.data.iterations;
    const { dropped } = this.data.counts;
    if (!this.#open || this.#arrivals === started + dropped) return [];
    return [`run: ${this.#arrivals} arrivals were due, but ${started} started + ${dropped} dropped`];
  }

  /** An endpoint seen only in the warm-up is in no number. */
  #dropEmptyEndpoints(): void {
    for (const [name, endpoint] of this.data.endpoints)
      if (endpoint.counts.started === 0) this.data.endpoints.delete(name);
  }

  #outcomeOf({ failure, status }: MeasuredRequest): 'ok' | 'failed' | 'timedOut' {
    if (failure !== undefined) return failure.kind === 'timeout' ? 'timedOut' : 'failed';
    return status !== undefined && this.#expectStatus(status) ? 'ok' : 'failed';
  }

  #endpoint(request: MeasuredRequest): EndpointData {
    const name = this.#names.of(request.method, request.url, request.name);
    const known = this.data.endpoints.get(name);
    if (known !== undefined) return known;
    const full = this.data.endpoints.size >= maxEndpoints;
    return entry(this.data.endpoints, full ? otherEndpoints : name, emptyEndpoint);
  }

  #intoWindows(sample: {
    endpoint: EndpointData;
    intendedMs: number;
    endedAtMs: number;
    latencyMs: number;
    ok: boolean;
  }): void {
    const second = Math.floor((sample.intendedMs - this.#zeroMs) / 1_000);
    const window = entry(sample.endpoint.windows, second, emptyEndpointWindow);
    if (sample.ok) window.ok += 1;
    else window.failed += 1;
    window.latency.record(sample.latencyMs);
    window.sumMs += sample.latencyMs;
    this.#at(sample.endedAtMs).completed += 1;
  }

  #intoPhases(endpoint: EndpointData, { dnsMs, connectMs, tlsMs, waitingMs, receivingMs }: MeasuredRequest): void {
    if (dnsMs !== undefined) endpoint.phases.dns.recordMs(dnsMs);
    if (connectMs !== undefined) endpoint.phases.connect.recordMs(connectMs);
    if (tlsMs !== undefined) endpoint.phases.tls.recordMs(tlsMs);
    if (waitingMs !== undefined) endpoint.phases.waiting.recordMs(waitingMs);
    if (receivingMs !== undefined) endpoint.phases.receiving.recordMs(receivingMs);
  }

  #intoApdex(ok: boolean, ms: number): void {
    const { apdexMs } = this.data.plan;
    if (apdexMs === undefined) return;
    if (ok && ms <= apdexMs) this.data.apdex.satisfied += 1;
    else if (ok && ms <= 4 * apdexMs) this.data.apdex.tolerating += 1;
    else this.data.apdex.frustrated += 1;
  }

  #failed(
    request: MeasuredRequest,
    { name, atMs, serviceMs }: { name: string; atMs: number; serviceMs: number },
  ): void {
    const { failure, status } = request;
    const kind =
      failure === undefined
        ? `HTTP ${status ?? '?'}`
        : failure.kind === 'timeout'
          ? 'timeout'
          : (failure.code ?? failure.kind);
    this.#error(
      kind,
      name,
      failure?.message ?? `${request.method} ${request.url} answered ${status ?? 'without a status'}`,
    );
    const { errors } = this.#at(request.endedAtMs);
    errors.set(kind, (errors.get(kind) ?? 0) + 1);
    this.data.exemplars.considerFailed(request, name, kind, atMs, serviceMs);
  }

  #error(kind: string, endpoint: string, message: string): void {
    const full = this.data.errors.size >= maxErrorGroups;
    const where = full && !this.data.errors.has(`${kind} ${endpoint}`) ? otherEndpoints : endpoint;
    entry(this.data.errors, `${kind} ${where}`, () => ({
      kind,
      endpoint: where,
      count: 0,
      sample: firstLine(message),
    })).count += 1;
  }

  /** The run's window of a moment; the last one is remembered, since most moments fall into it. */
  #at(ms: number): RunWindow {
    const second = Math.floor((ms - this.#zeroMs) / 1_000);
    if (second !== this.#windowSecond) {
      this.#window = entry(this.data.windows, second, emptyRunWindow);
      this.#windowSecond = second;
    }
    return this.#window;
  }
}

/** First byte sent to last byte received. A timeout counts from the call, so that it is never less than the limit it hit. */
function serviceMsOf({ sentAtMs, calledAtMs, endedAtMs, failure }: MeasuredRequest): number {
  return endedAtMs - (failure?.kind === 'timeout' ? calledAtMs : (sentAtMs ?? calledAtMs));
}
