/**
 * Single requests kept for a reader: the slowest few, and the first few of each kind of failure, with headers, the
 * head of the bodies and the phases. Secrets are masked before anything is kept; bodies are kept unless the spec says no.
 */
import { maskBody, maskHeaders, maskText } from './mask.ts';
import type { MeasuredRequest } from './measured-request.ts';
import { plainLine } from './plain-line.ts';

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

/** Keeps the few. `consider` is cheap for the many that are not kept. */
export class Exemplars {
  readonly #slowest: Exemplar[] = [];
  readonly #failed = new Map<string, Exemplar[]>();
  #keepsBodies = true;

  /** From now on nothing of a body is kept, not even masked. */
  leaveOutBodies(): void {
    this.#keepsBodies = false;
  }

  considerSlow(request: MeasuredRequest, endpoint: string, atMs: number, serviceMs: number): void {
    const quickest = this.#slowest.at(-1);
    if (this.#slowest.length >= exemplarLimits.slowest && serviceMs <= (quickest?.serviceMs ?? 0)) return;
    this.#keepSlow(exemplarOf(request, { why: 'slow', endpoint, atMs, serviceMs }, this.#keepsBodies));
  }

  considerFailed(request: MeasuredRequest, endpoint: string, kind: string, atMs: number, serviceMs: number): void {
    const kept = this.#failed.get(kind);
    if (kept === undefined && this.#failed.size >= exemplarLimits.failureKinds) return;
    if (kept !== undefined && kept.length >= exemplarLimits.perFailure) return;
    this.#keepFailed(exemplarOf(request, { why: 'failed', kind, endpoint, atMs, serviceMs }, this.#keepsBodies));
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
  keepsBodies: boolean,
): Exemplar {
  const { requestBody, responseBody, requestHeaders, responseHeaders } = request.details();
  return {
    ...known,
    method: request.method,
    url: maskText(request.url),
    ...(request.status !== undefined && { status: request.status }),
    ...(request.failure !== undefined && { message: keptMessage(request.failure.message) }),
    phases: phasesOf(request),
    requestHeaders: maskHeaders(requestHeaders),
    ...(keepsBodies && requestBody !== undefined && { requestBody: cut(requestBody) }),
    responseHeaders: maskHeaders(responseHeaders),
    ...(keepsBodies && responseBody !== undefined && { responseBody: cut(responseBody) }),
  };
}

function phasesOf({ dnsMs, connectMs, tlsMs, waitingMs, receivingMs }: MeasuredRequest): Record<string, number> {
  return Object.fromEntries(
    Object.entries({ dns: dnsMs, connect: connectMs, tls: tlsMs, waiting: waitingMs, receiving: receivingMs }).flatMap(
      ([name, ms]) => (ms === undefined ? [] : [[name, ms]]),
    ),
  );
}

/** Masked before it is cut: a secret across the end is one still. What is far behind the end is not even looked at. */
function cut(body: string): string {
  const { bodyChars } = exemplarLimits;
  const head = maskBody(body.slice(0, 2 * bodyChars));
  if (body.length <= bodyChars) return head;
  return `${head.slice(0, bodyChars)}… (${body.length - bodyChars} more characters)`;
}

const longestMessage = 500;

/** The first line of a message, as it may be kept and printed: its secrets masked, nothing in it but text. */
export function keptMessage(message: string): string {
  const head = maskText(message.slice(0, 4 * longestMessage));
  return plainLine(/^\s*[^\r\n]*/.exec(head)?.[0] ?? '').slice(0, longestMessage);
}
