/**
 * What a measured function has thrown, as the table of errors names it: by its `code` (`ECONNREFUSED`, PostgreSQL's
 * `57P01`), else by its class. Whatever it is, nothing of it is trusted: it may be no error, and its fields may throw.
 */
import type { SampleFailure } from '../measure/samples/kind.ts';
import { unreadableWords } from '../measure/thrown-words.ts';

/** A kind is a word, not a message. */
const longestKind = 60;

export function thrownFailure(thrown: unknown): SampleFailure {
  try {
    return failureOf(thrown);
  } catch {
    return { kind: 'other', code: 'unreadable error', message: unreadableWords };
  }
}

function failureOf(thrown: unknown): SampleFailure {
  if (typeof thrown !== 'object' || thrown === null)
    return { kind: 'other', code: 'no error', message: `${typeof thrown} thrown: ${String(thrown)}` };
  const { code, name, message, errors } = thrown as Readonly<Record<string, unknown>>;
  // Node's attempts at several addresses end in an `AggregateError` without a message of its own.
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const text = textOf(message) || textOf((first as { message?: unknown } | undefined)?.message);
  return { kind: 'other', code: kindOf(code, text, name, thrown).slice(0, longestKind), message: text };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function kindOf(code: unknown, message: string, name: unknown, thrown: object): string {
  if (typeof code === 'string' && code.trim() !== '') return code;
  const className = textOf(name) === 'Error' ? classOf(thrown) : textOf(name) || classOf(thrown);
  if (typeof code !== 'number') return className;
  // gRPC: `14 UNAVAILABLE: No connection established`.
  return new RegExp(`^${code} ([A-Z_]{2,40}):`).exec(message)?.[1] ?? `${className} ${code}`;
}

function classOf(thrown: object): string {
  const made: unknown = thrown.constructor;
  return typeof made === 'function' && made.name !== '' ? made.name : 'error';
}
