/**
 * Single requests kept for a reader: the slowest few, and the first few of each kind of failure, with headers, the
 * head of the bodies and the phases. Secrets are masked before anything is kept.
 */
import type { MeasuredRequest } from './measured-request.ts';

/** How many are kept of each, and how much of a body. */
export const exemplarLimits = { slowest: 5, perFailure: 3, failureKinds: 20, bodyChars: 4_096 } as const;

export interface Exemplar {
  readonly why: 'slow' | 'failed';
  /** For a failure, its kind as it stands in the table of errors. */
  readonly kind?: string;
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  /** When the request was due, in milliseconds from the start of the measured part. */
  readonly atMs: number;
  readonly serviceMs: number;
  readonly status?: number;
  readonly message?: string;
  readonly phases: Readonly<Record<string, number>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}

const secret = /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|api-key|x-auth-token)$/i;
const secretParameter = /([?&](?:[^=&]*(?:token|secret|password|api[-_]?key|signature)[^=&]*)=)[^&#]*/gi;

/** Header values that open doors become `***`. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secret.test(name) ? '***' : value]));
}

/** So do URL parameters that are called a token, a secret, a password, a key or a signature, and credentials before the host. */
export function maskUrl(url: string): string {
  return url.replace(secretParameter, '$1***').replace(/^(\w+:\/\/)[^/@]*@/, '$1***@');
}

/** Keeps the few. `consider` is cheap for the many that are not kept. */
export class Exemplars {
  readonly #slowest: Exemplar[] = [];
  readonly #failed = new Map<string, Exemplar[]>();

  considerSlow(request: MeasuredRequest, endpoint: string, atMs: number, serviceMs: number): void {
    const quickest = this.#slowest.at(-1);
    if (this.#slowest.length >= exemplarLimits.slowest && serviceMs <= (quickest?.serviceMs ?? 0)) return;
    this.#keepSlow(exemplarOf(request, { why: 'slow', endpoint, atMs, serviceMs }));
  }

  considerFailed(request: MeasuredRequest, endpoint: string, kind: string, atMs: number, serviceMs: number): void {
    const kept = this.#failed.get(kind);
    if (kept === undefined && this.#failed.size >= exemplarLimits.failureKinds) return;
    if (kept !== undefined && kept.length >= exemplarLimits.perFailure) return;
    this.#keepFailed(exemplarOf(request, { why: 'failed', kind, endpoint, atMs, serviceMs }));
  }

  /** Slowest first, then failures by kind. */
  list(): Exemplar[] {
    return [...this.#slowest, ...[...this.#failed.values()].flat()];
  }

  addAll(exemplars: readonly Exemplar[]): void {
    for (const exemplar of exemplars) {
      if (exemplar.why === 'slow') this.#keepSlow(exemplar);
      else this.#keepFailed(exemplar);
    }
  }

  #keepSlow(exemplar: Exemplar): void {
    this.#slowest.push(exemplar);
    this.#slowest.sort((a, b) => b.serviceMs - a.serviceMs);
    this.#slowest.length = Math.min(this.#slowest.length, exemplarLimits.slowest);
  }

  #keepFailed(exemplar: Exemplar): void {
    const kind = exemplar.kind ?? 'unknown';
    const kept = this.#failed.get(kind) ?? [];
    if (kept.length < exemplarLimits.perFailure) kept.push(exemplar);
    this.#failed.set(kind, kept);
  }
}

function exemplarOf(
  request: MeasuredRequest,
  known: Pick<Exemplar, 'why' | 'kind' | 'endpoint' | 'atMs' | 'serviceMs'>,
): Exemplar {
  const { requestBody, responseBody, requestHeaders, responseHeaders } = request.details();
  return {
    ...known,
    method: request.method,
    url: maskUrl(request.url),
    ...(request.status !== undefined && { status: request.status }),
    ...(request.failure !== undefined && { message: firstLine(request.failure.message) }),
    phases: phasesOf(request),
    requestHeaders: maskHeaders(requestHeaders),
    ...(requestBody !== undefined && { requestBody: cut(requestBody) }),
    responseHeaders: maskHeaders(responseHeaders),
    ...(responseBody !== undefined && { responseBody: cut(responseBody) }),
  };
}

function phasesOf({ dnsMs, connectMs, tlsMs, waitingMs, receivingMs }: MeasuredRequest): Record<string, number> {
  return Object.fromEntries(
    Object.entries({ dns: dnsMs, connect: connectMs, tls: tlsMs, waiting: waitingMs, receiving: receivingMs }).flatMap(
      ([name, ms]) => (ms === undefined ? [] : [[name, ms]]),
    ),
  );
}

function cut(body: string): string {
  return body.length <= exemplarLimits.bodyChars
    ? body
    : `${body.slice(0, exemplarLimits.bodyChars)}… (${body.length - exemplarLimits.bodyChars} more characters)`;
}

export function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return (end === -1 ? text : text.slice(0, end)).slice(0, 500);
}
