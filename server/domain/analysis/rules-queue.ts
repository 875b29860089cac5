/** Rules about who waits, and whether anything moves. */
import type { Severity } from './severity.ts';
import { windowRule, type RuleInput } from './rule.ts';

/** Below this fraction the cache has room, so that a queue must have another cause. */
const roomyCache = 0.8;

export const admissionLimited = windowRule({
  id: 'admission_limited',
  reads: ['waiting', 'kv_usage'],
  enough: 'snapshots',
  find: ({ waiting, kv_usage: usage }, input) => {
    const { window } = input;
    if (waiting.min <= 0 || usage.max >= roomyCache) return undefined;
    const overloaded = window.total('overloaded') ?? 0;
    return {
      severity: admissionSeverity(input, overloaded),
      cause: overloaded > 0 ? 'engine_full' : null,
      explanation:
        'Requests wait all the time although the key-value cache has room: a limit on how many may run holds them back.',
      evidence: [
        { metric: 'waiting min', value: waiting.min, unit: 'requests', compared: { op: '>', limit: 0 } },
        { metric: 'kv_usage max', value: usage.max, unit: 'ratio', compared: { op: '<', limit: roomyCache } },
        { metric: 'waiting mean', value: waiting.mean, unit: 'requests' },
        { metric: 'running max', value: window.level('running')?.max, unit: 'requests' },
        { metric: 'queue_s p95', value: window.distribution('queue_s')?.p95, unit: 's' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ],
    };
  },
});

/** As bad as the worst promise on the first token or the queue; without one, bad enough to look at. */
function admissionSeverity({ slos }: RuleInput, overloaded: number): Severity {
  const ratios = slos
    .filter(({ slo, state }) => state === 'violated' && /^(?:ttft|queue)_/.test(slo.metric))
    .map(({ ratio }) => ratio ?? 1);
  const worst = Math.max(0, ...ratios);
  if (worst >= 2) return 'critical';
  return worst >= 1.5 || overloaded > 0 ? 'high' : 'medium';
}

export const stalled = windowRule({
  id: 'stalled',
  reads: ['running', 'generation_tokens'],
  enough: 'snapshots',
  find: ({ running, generation_tokens: tokens }, { window }) => {
    const waiting = window.level('waiting');
    if (tokens > 0 || running.min + (waiting?.min ?? 0) <= 0) return undefined;
    return {
      severity: 'critical',
      explanation: 'There are requests all the time, and not one token was produced: the engine hangs.',
      evidence: [
        { metric: 'generation_tokens', value: tokens, unit: 'tokens', compared: { op: '<=', limit: 0 } },
        { metric: 'running min', value: running.min, unit: 'requests' },
        { metric: 'waiting min', value: waiting?.min, unit: 'requests' },
      ],
    };
  },
});

export const idle = windowRule({
  id: 'idle',
  reads: ['running'],
  enough: 'snapshots',
  find: ({ running }, { window }) => {
    const waiting = window.level('waiting');
    // An engine may export no count of requests before its first one.
    const requests = window.requests ?? 0;
    if (running.max > 0 || (waiting?.max ?? 0) > 0 || requests > 0) return undefined;
    return {
      severity: 'info',
      explanation: 'Nothing ran, waited or ended in the window. Nothing can be said of how the engine performs.',
      evidence: [
        { metric: 'running max', value: running.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'waiting max', value: waiting?.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'requests', value: window.requests, unit: 'requests', compared: { op: '<=', limit: 0 } },
      ],
    };
  },
});
