/** Errors as Playwright's context throws them: class, `name`, `code`, and a first line that begins with the method. */
import { inspect } from 'node:util';
import { errors } from '@playwright/test';
import type { RequestFailure } from './sample.ts';

/** Why a call ended without a response; becomes the error that its caller sees. */
export class CallFailure extends Error {
  readonly failure: RequestFailure;
  /** `TimeoutError`, `AbortError`, or plain. */
  readonly shape: 'plain' | 'timeout' | 'abort' | 'closed';

  constructor(failure: RequestFailure, shape: 'plain' | 'timeout' | 'abort' | 'closed' = 'plain', cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
    this.shape = shape;
  }
}

/** What Playwright throws when a call's context is disposed; it exports the class nowhere, and its `name` is `Error`. */
export class TargetClosedError extends Error {}

/** `name` is what code tells it by, as with the DOM's. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
}

/** What Playwright's context says of a call that its caller aborted. */
export function abortMessage(reason: unknown): string {
  return reason instanceof Error ? reason.message : textOf(reason);
}

/** What has no text of its own (`Object.create(null)`) is shown as the debugger shows it: it may come within an event. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return inspect(value);
  }
}

/** For a call whose signal was aborted before it began, which is no request. */
export function abortError(reason: unknown): AbortError {
  return new AbortError(abortMessage(reason), { cause: reason });
}

/**
 * The error for the caller of `api` (`apiRequestContext.get`). It is made where the caller waits, so that its stack
 * leads to the test's own line.
 */
export function callerError(api: string, cause: unknown, calledUrl: string): Error {
  if (cause instanceof CallFailure) return requestError(fromFailure(api, cause, calledUrl));
  if (!(cause instanceof Error)) return new Error(`${api}: ${textOf(cause)}`, { cause });
  cause.message = `${api}: ${cause.message}`;
  return cause;
}

/** Errors that tell of a request which was sent and counted, as against a mistake in the caller's own code. */
const requestErrors = new WeakSet<Error>();

/** Marks an error as one of a request that was counted as failed already. */
export function requestError(error: Error): Error {
  requestErrors.add(error);
  return error;
}

/** Whether what was thrown is a failed request's own error. */
export function isRequestError(error: unknown): boolean {
  return error instanceof Error && requestErrors.has(error);
}

function fromFailure(api: string, { failure, shape, cause }: CallFailure, calledUrl: string): Error {
  const text = `${api}: ${failure.message}`;
  const withLog = `${text}\nCall log:\n  - → ${calledUrl}\n`;
  switch (shape) {
    case 'timeout':
      return new errors.TimeoutError(withLog);
    case 'abort':
      return new AbortError(text, { cause });
    case 'closed':
      return new TargetClosedError(text);
    case 'plain': {
      const error = new Error(withLog, cause === undefined ? undefined : { cause });
      if (cause instanceof TypeError) error.name = 'TypeError';
      return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
    }
  }
}
