/**
 * The errors of a run while it is being measured, told apart by kind, by endpoint, and by what the answer or the error says.
 * Only a failed request comes here, and it costs the shape of what it says: an outage must not make the load generator busy.
 */
import { otherEndpoints } from './bounded-rows.ts';
import { keptMessage, longestRead } from './exemplar.ts';
import { entry, errorKey, type ErrorGroup, seeError } from './run-data.ts';
import { kindOf, type Sample } from './samples/sample.ts';
import { ownText } from './own-text.ts';
import { saidOf, shapeOf, wordsOf } from './said.ts';

/** Errors told apart at most: the memory of a run is bounded even if their messages are not. */
export const maxErrorGroups = 200;

/** Of one kind at one endpoint told apart by what they say; further ones are in its row of those that are not. */
const mostSayings = 10;

/** Shapes that are looked at, of one kind at one endpoint and in all: masking costs more than a request. */
const mostLooked = { ofOne: 100, inAll: 1_000 } as const;

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

/** Of one kind at one endpoint. */
interface Place {
  looked: number;
  sayings: number;
  /** What the last one said, whose group is that of the next that says the same. */
  last?: { readonly says: string; readonly group: ErrorGroup };
}

export class ErrorBook {
  readonly #groups: Map<string, ErrorGroup>;
  readonly #keepsBodies: boolean;
  /** By kind, endpoint and shape of the text as it came. */
  readonly #known = new Map<string, ErrorGroup>();
  readonly #places = new Map<string, Place>();

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
    const place = entry(this.#places, `${error.kind} ${error.endpoint}`, (): Place => ({ looked: 0, sayings: 0 }));
    if (place.last?.says === says) return place.last.group;
    const group = this.#ofShape(error, says, place);
    if (says.length <= longestRead) place.last = { says, group };
    return group;
  }

  #ofShape(error: FiledError, says: string, place: Place): ErrorGroup {
    const { kind, endpoint, isBody, isOwn } = error;
    const head = isBody === true ? wordsOf(says.slice(0, longestRead)) : firstLine(says);
    const key = `${kind} ${endpoint}\t${shapeOf(head)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const isTold = isOwn === true || (place.sayings < mostSayings && place.looked < mostLooked.ofOne);
    if (!isTold || this.#known.size >= mostLooked.inAll)
      return this.#row(isOwn === true ? { ...error, endpoint: otherEndpoints } : error);
    place.looked += 1;
    const group = this.#spoken(error, says, place);
    this.#known.set(ownText(key), group);
    return group;
  }

  /** Masked before its shape is taken: no row may tell a secret. */
  #spoken(error: FiledError, says: string, place: Place): ErrorGroup {
    const { kind, endpoint, isBody, isOwn } = error;
    const body = isBody === true ? saidOf(says) : undefined;
    const words = isBody === true ? body : keptMessage(says);
    if (words === undefined) return this.#row(error);
    const shape = `${endpoint}: ${shapeOf(words)}`;
    if (isOwn === true) return this.#row({ ...error, endpoint: `${endpoint}: ${words}` }, { shape });
    const known = this.#groups.get(errorKey({ kind, endpoint, shape }));
    if (known !== undefined) return known;
    place.sayings += 1;
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

/** What is told of a message, as it came. */
function firstLine(message: string): string {
  const head = message.slice(0, longestRead).trimStart();
  const end = head.search(/[\r\n]/);
  return end === -1 ? head : head.slice(0, end);
}
