/** The closed loop at its barest: so many connections, each asks, reads the JSON, lets go, and asks again. */
import type { APIRequestContext } from '@playwright/test';
import type { LoadRequestContext } from '../../load/index.ts';

/** What the bench does with every response, whoever sends. */
export async function askOnce(request: Pick<APIRequestContext, 'get'>, url: string): Promise<void> {
  const response = await request.get(url);
  await response.json();
  await response.dispose();
}

/** The same for bytes that are no JSON. */
export async function askForBody(request: Pick<APIRequestContext, 'get'>, url: string): Promise<void> {
  const response = await request.get(url);
  await response.body();
  await response.dispose();
}

/** For whoever wants to know only that an answer came. */
export async function askAndDiscard(request: LoadRequestContext, url: string): Promise<void> {
  const response = await request.get(url, { discardBody: true });
  await response.dispose();
}

export const connections = 50;

/** Calls until so many milliseconds are over; those then under way are waited for, and in both figures. */
export async function hammerFor(ms: number, ask: () => Promise<void>): Promise<{ requests: number; ms: number }> {
  const beganAt = performance.now();
  const endsAt = beganAt + ms;
  let requests = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (; performance.now() < endsAt; requests++) await ask();
    }),
  );
  return { requests, ms: performance.now() - beganAt };
}

/** Responses per second over so many requests. */
export async function hammerTimes(
  request: Pick<APIRequestContext, 'get'>,
  url: string,
  times: number,
): Promise<number> {
  const beganAt = performance.now();
  let left = times;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await askOnce(request, url);
    }),
  );
  return (times * 1_000) / (performance.now() - beganAt);
}
