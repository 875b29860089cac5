/**
 * Single requests kept for a reader: the slowest few, and the first few of each kind of failure, with headers, the
 * head of the bodies and the phases. Secrets are masked before anything is kept; bodies are kept unless the spec says no.
 */
import { maskText } from './mask.ts';
import { ownText } from './own-text.ts';
import { plainLine } from './plain-line.ts';
import { kindOf, type Sample, type SampleDetails } from './samples/sample.ts';

/** How many are kept of each. */
export const exemplarLimits = { slowest: 5, perFailure: 3, failureKinds: 20 } as const;

export type Exemplar = SampleDetails & {
  readonly why: 'slow' | 'failed';
  /** For a failure, its kind as it stands in the table of errors. */
  readonly kind?: string;
  readonly endpoint: string;
  /** When the request was due, in milliseconds from the start of the measured part. */
  readonly atMs: number;
  readonly serviceMs: number;
  readonly message?: string;
};

/** Keeps the few. `consider` is cheap for the many that are not kept. */
export class Exemplars {
  readonly #slowest: Exemplar[] = [];
  readonly #failed = new Map<Exemplar['kind'], Exemplar[]>();
  #keepsBodies = true;

  /** From now on nothing of a body is kept, not even masked. */
  leaveOutBodies(): void {
    this.#keepsBodies = false;
  }

  considerSlow(sample: Sample, endpoint: string, atMs: number, serviceMs: number): void {
    const quickest = this.#slowest[exemplarLimits.slowest - 1];
    if (quickest !== undefined && serviceMs <= quickest.serviceMs) return;
    this.#keepSlow(exemplarOf(sample, { why: 'slow', endpoint, atMs, serviceMs }, this.#keepsBodies));
  }

  considerFailed(sample: Sample, endpoint: string, kind: string, atMs: number, serviceMs: number): void {
    const kept = this.#failed.get(kind);
    if (kept === undefined && this.#failed.size >= exemplarLimits.failureKinds) return;
    if (kept !== undefined && kept.length >= exemplarLimits.perFailure) return;
    this.#keepFailed(exemplarOf(sample, { why: 'failed', kind, endpoint, atMs, serviceMs }, this.#keepsBodies));
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
    const kept = this.#failed.get(exemplar.kind) ?? [];
    if (kept.length < exemplarLimits.perFailure) kept.push(exemplar);
    this.#failed.set(exemplar.kind, kept);
  }
}

function exemplarOf(
  sample: Sample,
  known: Pick<Exemplar, 'why' | 'kind' | 'endpoint' | 'atMs' | 'serviceMs'>,
  keepsBodies: boolean,
): Exemplar {
  return {
    ...known,
    ...kindOf(sample).detailsOf(sample, keepsBodies),
    ...(sample.failure !== undefined && { message: keptMessage(sample.failure.message) }),
  };
}

const longestMessage = 500;
/** As much of a message or a body as is read, however long it is. */
export const longestRead = 4 * longestMessage;

/** The first line of a message, as it may be kept and printed: its secrets masked, nothing in it but text. */
export function keptMessage(message: string): string {
  const head = maskText(ownText(message.slice(0, longestRead)));
  return plainLine(head.trimStart().replace(/[\r\n].*/s, '')).slice(0, longestMessage);
}
