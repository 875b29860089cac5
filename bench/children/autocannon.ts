/**
 * autocannon as the yardstick: one prebuilt request, no script, nothing read of the body. Its latencies are whole
 * milliseconds, so only its rate is used, save where its own trap is shown.
 */
import { runToEnd } from './child.ts';
import { rootFolder, script } from './programs.ts';

/** A second each. */
export const mostWarmUps = 10;

export interface AutocannonRun {
  /** Responses over the time from start to finish. */
  readonly perSec: number;
  readonly requests: number;
  readonly failed: number;
  /** Heads and bodies that came. */
  readonly bytes: number;
  readonly durationMs: number;
  /** CPU time of its process in that time. */
  readonly cpuMs: number;
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
  /** CPU time before it, in no figure: its process is new, and not compiled. */
  readonly warmUpCpuSeconds?: number;
  /** Requests a second over all connections; without it as many as it can. */
  readonly overallRate?: number;
  readonly method?: 'GET' | 'POST';
  /** JSON. */
  readonly body?: string;
  /** Puts the command on a core. Without it the child stays on its parent's. */
  readonly pin?: (command: readonly string[]) => string[];
}

/** What its program is asked: options of autocannon's own, and how long it is to be warm before. */
export interface AutocannonOptions {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  readonly overallRate?: number;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type ProgramAsk = AutocannonOptions & { readonly warmUpCpuSeconds: number };

export interface Printed {
  readonly requests: { readonly total: number; readonly sent: number };
  readonly throughput: { readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number; readonly totalCount: number };
  readonly duration: number;
  readonly errors: number;
  readonly non2xx: number;
  readonly cpuMs: number;
}

export async function autocannon(parts: AutocannonParts): Promise<AutocannonRun> {
  const { url, seconds, connections, warmUpCpuSeconds = 0, overallRate, method = 'GET', body, pin } = parts;
  const ask: ProgramAsk = {
    ...{ url, connections, duration: seconds, method, warmUpCpuSeconds },
    ...(overallRate !== undefined && { overallRate }),
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body }),
  };
  const program = script('bench/children/autocannon-program.ts', JSON.stringify(ask));
  const printed = await runToEnd({
    command: pin === undefined ? program : pin(program),
    cwd: rootFolder,
    limitMs: (mostWarmUps + seconds) * 1_000 + 20_000,
  });
  const { requests, throughput, latency, duration, errors, non2xx, cpuMs } = JSON.parse(printed) as Printed;
  return {
    perSec: (requests.total - non2xx) / duration,
    requests: requests.total,
    failed: errors + non2xx,
    bytes: throughput.total,
    durationMs: duration * 1_000,
    cpuMs,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    samples: latency.totalCount,
  };
}
