/**
 * Preloaded into a server: each answer takes longer by a share of its own time (`SLOWER_BY=0.15`), and takes it as CPU, as a
 * build that became slower would.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

const share = Number(process.env['SLOWER_BY']);
if (!(share >= 0)) throw new Error('`SLOWER_BY` must be a share of the time that an answer takes, such as 0.15');

/** What Node publishes as `http.server.request.start`. */
interface RequestStart {
  readonly response: ServerResponse;
}

subscribe('http.server.request.start', (message) => {
  const { response } = message as RequestStart;
  const startedAtMs = performance.now();
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = (...args: unknown[]) => {
    const nowMs = performance.now();
    const untilMs = nowMs + (nowMs - startedAtMs) * share;
    while (performance.now() < untilMs);
    return end(...args);
  };
});
