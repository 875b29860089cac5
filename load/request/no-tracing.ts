/** `tracing` of a request context: load runs record none, and say so when asked. */
import type { APIRequestContext } from '@playwright/test';

type Tracing = APIRequestContext['tracing'];

/** Rejects whatever is called on it. */
export function noTracing(): Tracing {
  const refuse = (method: string) => async (): Promise<never> => {
    throw new Error(
      `tracing.${method}: load runs record no trace (a trace keeps every request); use Playwright's own \`request\` fixture to trace one`,
    );
  };
  return {
    group: refuse('group'),
    groupEnd: refuse('groupEnd'),
    start: refuse('start'),
    startChunk: refuse('startChunk'),
    startHar: refuse('startHar'),
    stop: refuse('stop'),
    stopChunk: refuse('stopChunk'),
    stopHar: refuse('stopHar'),
  };
}
