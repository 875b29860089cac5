/**
 * autocannon as the yardstick: one prebuilt request, no script. Its mean of the seconds is what `field.md`-like tables
 * quote; its latencies are whole milliseconds, so only the rate is used, save where its own trap is shown.
 */
import { autocannonProgram } from './programs.ts';
import { runToEnd } from './child.ts';

export interface AutocannonRun {
  /** Responses over the time from start to finish. */
  readonly perSec: number;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds as it reports them. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Latencies it has recorded, where it tells; with its rate correction more than there were requests. */
  readonly samples: number;
}

export interface AutocannonParts {
  readonly url: string;
  /** Whole seconds: it counts no others. */
  readonly seconds: number;
  readonly connections: number;
  /** Requests a second over all connections; without it as many as it can. */
  readonly overallRate?: number;
  readonly method?: 'GET' | 'POST';
  /** JSON. */
  readonly body?: string;
  /** Puts the command on a core. Without it the child stays on its parent's. */
  readonly pin?: (command: readonly string[]) => string[];
}

interface Printed {
  readonly requests: { readonly total: number; readonly sent: number };
  readonly latency: { readonly p50: number; readonly p99: number; readonly totalCount: number };
  readonly duration: number;
  readonly errors: number;
  readonly non2xx: number;
}

export async function autocannon(parts: AutocannonParts): Promise<AutocannonRun> {
  const { url, seconds, connections, overallRate, method = 'GET', body, pin } = parts;
  const args = [
    ...['--json', '--no-progress', '--connections', String(connections), '--duration', String(seconds)],
    ...(overallRate === undefined ? [] : ['--overallRate', String(overallRate)]),
    ...['--method', method],
    ...(body === undefined ? [] : ['--headers', 'content-type=application/json', '--body', body]),
    url,
  ];
  const program = autocannonProgram(...args);
  const printed = await runToEnd({
    command: pin === undefined ? program : pin(program),
    limitMs: seconds * 1_000 + 20_000,
  });
  const { requests, latency, duration, errors, non2xx } = JSON.parse(printed) as Printed;
  return {
    perSec: (requests.total - non2xx) / duration,
    requests: requests.total,
    failed: errors + non2xx,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    samples: latency.totalCount,
  };
}
