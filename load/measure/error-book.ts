/**
 * The errors of a run while it is being measured, told apart by kind, by endpoint, and by what the answer or the error says.
 * Only a failed request comes here, and one that says what others said before costs a look-up.
 */
import { otherEndpoints } from './bounded-rows.ts';
import { keptMessage } from './exemplar.ts';
import { entry, errorKey, type ErrorGroup, seeError } from './run-data.ts';
import { kindOf, type Sample } from './samples/sample.ts';
import { saidOf, shapeOf, wordsOf } from './said.ts';

/** Errors told apart at most: the memory of a run is bounded even if their messages are not. */
export const maxErrorGroups = 200;

/** Of one kind at one endpoint told apart by what they say; further ones are in its row of those that are not. */
const mostSayings = 10;

/** Texts that are remembered as they are; further ones are worked out anew. */
const mostRemembered = 1_000;

export interface FiledError {
  readonly kind: string;
  readonly endpoint: string;
  /** For the one that makes the row. */
  readonly message: string;
  /** What tells it apart: a message, or the head of a body; absent where only kind and endpoint do. */
  readonly says?: string | undefined;
  /** `says` is of a body. */
  readonly isBody?: boolean;
  /** Of the test's own code: what it says stands behind its place, where others have their endpoint. */
  readonly isOwn?: boolean;
  /** When it was due, in milliseconds of the measured part. */
  readonly atMs?: number | undefined;
}

interface FiledSample extends Pick<FiledError, 'endpoint' | 'atMs'> {
  readonly isCutOff: boolean;
}

export class ErrorBook {
  readonly #groups: Map<string, ErrorGroup>;
  readonly #keepsBodies: boolean;
  /** By kind, endpoint and text as it came, then by its shape. */
  readonly #known = new Map<string, ErrorGroup>();
  readonly #sayings = new Map<string, number>();

  constructor(groups: Map<string, ErrorGroup>, keepsBodies: boolean) {
    this.#groups = groups;
    this.#keepsBodies = keepsBodies;
  }

  /** Files a request that went wrong, or was cut off by the end of the run; gives its kind. */
  fileSample(sample: Sample, { endpoint, isCutOff, atMs }: FiledSample): string {
    const { kind, text } = isCutOff ? cutOff : errorOf(sample);
    const { failure } = sample;
    const body = failure === undefined && !isCutOff && this.#keepsBodies ? kindOf(sample).bodyOf?.(sample) : undefined;
    const says = isCutOff ? undefined : (failure?.message ?? body);
    this.file({ kind, endpoint, message: text, says, isBody: body !== undefined, atMs });
    return kind;
  }

  file(error: FiledError): void {
    const group = error.says === undefined ? this.#row(error) : this.#saying(error, error.says);
    group.count += 1;
    const { atMs } = error;
    if (atMs !== undefined) seeError(group, { fromMs: atMs, toMs: atMs });
  }

  #saying(error: FiledError, says: string): ErrorGroup {
    const raw = `${error.kind} ${error.endpoint}\n${says}`;
    const known = this.#known.get(raw);
    if (known !== undefined) return known;
    const words = error.isBody === true ? wordsOf(says) : says;
    const shaped = `${error.kind} ${error.endpoint}\t${shapeOf(words)}`;
    const group = this.#known.get(shaped) ?? this.#remember(shaped, this.#spoken(error, says));
    return this.#remember(raw, group);
  }

  #remember(text: string, group: ErrorGroup): ErrorGroup {
    if (this.#known.size < mostRemembered) this.#known.set(text, group);
    return group;
  }

  /** Masked before its shape is taken: neither may tell a secret. */
  #spoken(error: FiledError, says: string): ErrorGroup {
    const { kind, endpoint, isBody, isOwn } = error;
    const body = isBody === true ? saidOf(says) : undefined;
    const words = isBody === true ? body : keptMessage(says);
    if (words === undefined) return this.#row(error);
    const shape = `${endpoint}: ${shapeOf(words)}`;
    if (isOwn === true) return this.#row({ ...error, endpoint: `${endpoint}: ${words}` }, { shape });
    const known = this.#groups.get(errorKey({ kind, endpoint, shape }));
    if (known !== undefined) return known;
    const sayings = this.#sayings.get(`${kind} ${endpoint}`) ?? 0;
    if (sayings >= mostSayings) return this.#row(error);
    this.#sayings.set(`${kind} ${endpoint}`, sayings + 1);
    return this.#row(error, { shape, ...(body !== undefined && { body }) });
  }

  /** Where all rows are taken, one for those of its kind that are left. */
  #row({ kind, endpoint, message }: FiledError, said: Pick<ErrorGroup, 'shape' | 'body'> = {}): ErrorGroup {
    const key = errorKey({ kind, endpoint, ...said });
    const isFull = this.#groups.size >= maxErrorGroups && !this.#groups.has(key);
    const row = isFull ? { kind, endpoint: otherEndpoints } : { kind, endpoint, ...said };
    return entry(this.#groups, errorKey(row), () => ({ ...row, count: 0, sample: keptMessage(message) }));
  }
}

const cutOff = { kind: 'unfinished', text: 'no answer until the run was over' };

/** As it stands in the table of errors. */
function errorOf(sample: Sample): { readonly kind: string; readonly text: string } {
  const { failure } = sample;
  if (failure === undefined) return kindOf(sample).errorOf(sample);
  return { kind: failure.kind === 'timeout' ? 'timeout' : (failure.code ?? failure.kind), text: failure.message };
}
