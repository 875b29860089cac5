/** Rules about who waits, and whether anything moves. */
import type { Severity } from './severity.ts';
import { clear, evidenceFrom, found, notEvaluated, tooFewSamples, type Rule, type RuleInput } from './rule.ts';

/** Below this fraction the cache has room, so that a queue must have another cause. */
export const roomyCache = 0.8;

export const admissionLimited: Rule = {
  id: 'admission_limited',
  judge: (input) => {
    const { window } = input;
    const waiting = window.level('waiting');
    const usage = window.level('kv_usage');
    if (waiting === null) return notEvaluated('the page does not tell how many requests wait');
    if (usage === null) return notEvaluated('the page does not tell the use of the key-value cache');
    const thin = tooFewSamples(input);
    if (thin !== undefined) return thin;
    if (waiting.min <= 0 || usage.max >= roomyCache) return clear;
    const overloaded = window.total('overloaded') ?? 0;
    return found({
      rule: 'admission_limited',
      severity: admissionSeverity(input, overloaded),
      cause: overloaded > 0 ? 'engine_full' : null,
      slo: null,
      explanation:
        'Requests wait all the time although the key-value cache has room: a limit on how many may run holds them back.',
      evidence: evidenceFrom(window, [
        { metric: 'waiting min', value: waiting.min, unit: 'requests', compared: { op: '>', limit: 0 } },
        { metric: 'kv_usage max', value: usage.max, unit: 'ratio', compared: { op: '<', limit: roomyCache } },
        { metric: 'waiting mean', value: waiting.mean, unit: 'requests' },
        { metric: 'running max', value: window.level('running')?.max, unit: 'requests' },
        { metric: 'queue_s p95', value: window.distribution('queue_s')?.p95, unit: 's' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ]),
    });
  },
};

/** As bad as the worst promise on the first token or the queue; without one, bad enough to look at. */
function admissionSeverity({ slos }: RuleInput, overloaded: number): Severity {
  const ratios = slos
    .filter(({ slo, state }) => state === 'violated' && /^(?:ttft|queue)_/.test(slo.metric))
    .map(({ ratio }) => ratio ?? 1);
  const worst = Math.max(0, ...ratios);
  if (worst >= 2) return 'critical';
  return worst >= 1.5 || overloaded > 0 ? 'high' : 'medium';
}

export const stalled: Rule = {
  id: 'stalled',
  judge: (input) => {
    const { window } = input;
    const running = window.level('running');
    const tokens = window.total('generation_tokens');
    if (running === null) return notEvaluated('the page does not tell how many requests run');
    if (tokens === null) return notEvaluated('the window counts no generated tokens');
    const thin = tooFewSamples(input);
    if (thin !== undefined) return thin;
    const waiting = window.level('waiting');
    if (tokens > 0 || running.min + (waiting?.min ?? 0) <= 0) return clear;
    return found({
      rule: 'stalled',
      severity: 'critical',
      cause: null,
      slo: null,
      explanation: 'There are requests all the time, and not one token was produced: the engine hangs.',
      evidence: evidenceFrom(window, [
        { metric: 'generation_tokens', value: tokens, unit: 'tokens', compared: { op: '<=', limit: 0 } },
        { metric: 'running min', value: running.min, unit: 'requests' },
        { metric: 'waiting min', value: waiting?.min, unit: 'requests' },
      ]),
    });
  },
};

export const idle: Rule = {
  id: 'idle',
  judge: (input) => {
    const { window } = input;
    const running = window.level('running');
    if (running === null) return notEvaluated('the page does not tell how many requests run');
    const thin = tooFewSamples(input);
    if (thin !== undefined) return thin;
    const waiting = window.level('waiting');
    // An engine may export no count of requests before its first one.
    const requests = window.requests ?? 0;
    if (running.max > 0 || (waiting?.max ?? 0) > 0 || requests > 0) return clear;
    return found({
      rule: 'idle',
      severity: 'info',
      cause: null,
      slo: null,
      explanation: 'Nothing ran, waited or ended in the window. Nothing can be said of how the engine performs.',
      evidence: evidenceFrom(window, [
        { metric: 'running max', value: running.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'waiting max', value: waiting?.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'requests', value: window.requests, unit: 'requests', compared: { op: '<=', limit: 0 } },
      ]),
    });
  },
};
