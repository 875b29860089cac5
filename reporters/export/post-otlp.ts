/** Sends metrics to a collector, once: a report is no place for retries that hold up a build. */
import { longestTimerMs } from '../../load/measure/units.ts';
import type { OtlpOptions } from '../options.ts';

/** Longest that a collector may hold up the end of a test run. */
export const defaultOtlpTimeoutMs = 10_000;
const mostAnswerCharacters = 200;

/** Rejects with one line that says what the collector answered, or why it could not be reached. */
export async function postOtlp(
  { url, headers = {}, timeoutMs = defaultOtlpTimeoutMs }: OtlpOptions,
  metrics: unknown,
): Promise<void> {
  const response = await reach(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(metrics),
    signal: AbortSignal.timeout(Math.min(timeoutMs, longestTimerMs)),
  });
  const answer = (await response.text()).slice(0, mostAnswerCharacters).replace(/\s+/g, ' ');
  if (!response.ok) throw new Error(`\`${url}\` answered ${response.status}: ${answer}`);
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`\`${url}\` could not be reached: ${why}`, { cause: error });
  }
}
