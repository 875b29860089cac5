/** One block of load of a comparison: what it came to, and what makes it useless. */
import type { ComparedBlock } from '../analysis/comparison.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import { earlyStopOf } from '../measure/stop-reason.ts';
import { mainErrorOf } from '../verdict/main-error.ts';
import { isBad } from '../verdict/verdict-order.ts';
import type { ComparedSide } from './comparison-question.ts';

/** `server`: it is the server's doing. `void`: the measurement says nothing. */
export interface BlockFault {
  readonly kind: 'server' | 'void';
  /** Without its place. */
  readonly words: string;
}

/** Latencies are response time, in a closed model service time. */
export function blockOf(run: LoadRun): ComparedBlock {
  const { requests, responseMs, serviceMs } = run;
  const latency = responseMs ?? serviceMs;
  return {
    latencyMs:
      latency === undefined ? {} : { mean: latency.mean, p50: latency.p50, p95: latency.p95, p99: latency.p99 },
    due: requests.scheduled,
    ok: requests.ok,
  };
}

/** What the generator lacked, if it was the bottleneck. */
export function saturationOf(run: LoadRun): string | undefined {
  const { verdict, reason } = run.judgement.generator;
  return verdict === 'saturated' ? reason : undefined;
}

/** Why the block can't be one of a pair, if it can't. */
export function faultOf(run: LoadRun, side: ComparedSide): BlockFault | undefined {
  const { data } = partOf(run);
  const { segments } = data;
  const { verdict, reason } = run.judgement;
  const server = `${side.name} (${side.baseURL})`;
  if (isBad(verdict) && verdict !== 'failed')
    return { kind: 'void', words: `the load on ${server} is ${verdict}: ${reason}` };
  const called = [...new Set(segments.flatMap(({ target }) => target?.origins ?? []))];
  if (called.length > 0 && !called.includes(side.origin))
    return {
      kind: 'void',
      words: `the load meant for ${server} went to ${called.join(', ')}: give the scenario's requests paths, such as \`request.get('/health')\`, and no whole addresses`,
    };
  if (run.requests.ok === 0) return { kind: 'server', words: `${server} answered nothing well${mainErrorOf(data)}` };
  if (verdict === 'failed') return { kind: 'server', words: `the load on ${server} failed: ${reason}` };
  const stopped = earlyStopOf(segments);
  return stopped === undefined ? undefined : { kind: 'server', words: `the load on ${server} was stopped: ${stopped}` };
}
