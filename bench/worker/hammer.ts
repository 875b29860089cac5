/** The closed loop at its barest: so many connections, each asks, reads the JSON, lets go, and asks again. */
import type { APIRequestContext } from '@playwright/test';

/** What the bench does with every response, whoever sends. */
export async function askOnce(request: Pick<APIRequestContext, 'get'>, url: string): Promise<void> {
  const response = await request.get(url);
  await response.json();
  await response.dispose();
}

export const connections = 50;

/** Responses per second over so many milliseconds. */
export async function hammerFor(request: Pick<APIRequestContext, 'get'>, url: string, ms: number): Promise<number> {
  const beganAt = performance.now();
  const endsAt = beganAt + ms;
  let count = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (; performance.now() < endsAt; count++) await askOnce(request, url);
    }),
  );
  return (count * 1_000) / (performance.now() - beganAt);
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
