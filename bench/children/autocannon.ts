/**
 * autocannon as the yardstick: one prebuilt request, no script, nothing read of the body. Its latencies are whole
 * milliseconds, so only its rate is used, save where its own trap is shown.
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
  /** Whole seconds before it, in no figure: its process is new, and not compiled. */
  readonly warmUpSeconds?: number;
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
  const { url, seconds, connections, warmUpSeconds = 0, overallRate, method = 'GET', body, pin } = parts;
  const args = [
    ...['--json', '--no-progress', '--connections', String(connections), '--duration', String(seconds)],
    ...(overallRate === undefined ? [] : ['--overallRate', String(overallRate)]),
    ...['--method', method],
    ...(warmUpSeconds === 0 ? [] : ['--warmup', '[', '-c', String(connections), '-d', String(warmUpSeconds), ']']),
    ...(body === undefined ? [] : ['--headers', 'content-type=application/json', '--body', body]),
    url,
  ];
  const program = autocannonProgram(...args);
  const printed = await runToEnd({
    command: pin === undefined ? program : pin(program),
    limitMs: (warmUpSeconds + seconds) * 1_000 + 20_000,
  });
  const { requests, latency, duration, errors, non2xx } = JSON.parse(lastLine(printed)) as Printed;
  return {
    perSec: (requests.total - non2xx) / duration,
    requests: requests.total,
    failed: errors + non2xx,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    samples: latency.totalCount,
  };
}

/** After a warm-up it prints two results, a line each. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
