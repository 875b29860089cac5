/**
 * Rules about the key-value cache. A full cache alone is an engine that uses what it has; it is trouble when requests are
 * thrown out of it (vLLM documentation, "Optimization and Tuning", preemption) or wait for it.
 */
import { clear, evidenceFrom, found, notEvaluated, tooFewRequests, tooFewSamples, type Rule } from './rule.ts';

/** Fraction of the cache from which it counts as full. */
export const fullCache = 0.9;
/** Preemptions per finished request above which most of what is computed may be computed twice. */
const criticalPreemptionShare = 0.05;
/** Below this fraction of prompt tokens the prefix cache hardly helps; a hint and no fault, since prompts may just differ. */
const lowPrefixHitRatio = 0.2;

export const kvExhaustion: Rule = {
  id: 'kv_exhaustion',
  judge: (input) => {
    const { window } = input;
    const usage = window.level('kv_usage');
    const preemptions = window.total('preemptions');
    if (usage === null) return notEvaluated('the page does not tell the use of the key-value cache');
    if (preemptions === null) return notEvaluated('the page does not count preemptions');
    const thin = tooFewRequests(input);
    if (thin !== undefined) return thin;
    if (usage.max < fullCache || preemptions === 0) return clear;
    const done = window.total('done') ?? 0;
    const share = preemptions / Math.max(1, done);
    return found({
      rule: 'kv_exhaustion',
      severity: share > criticalPreemptionShare ? 'critical' : 'high',
      cause: null,
      slo: null,
      explanation: `The key-value cache runs full and requests are put back: ${preemptions} preemptions for ${done} finished requests. Their tokens are computed again.`,
      evidence: evidenceFrom(window, [
        { metric: 'kv_usage max', value: usage.max, unit: 'ratio', compared: { op: '>=', limit: fullCache } },
        { metric: 'preemptions', value: preemptions, unit: 'events', compared: { op: '>', limit: 0 } },
        { metric: 'preemptions per finished request', value: share, unit: 'ratio' },
        { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio' },
        { metric: 'waiting mean', value: window.level('waiting')?.mean, unit: 'requests' },
      ]),
    });
  },
};

export const capacityLimited: Rule = {
  id: 'capacity_limited',
  judge: (input) => {
    const { window } = input;
    const waiting = window.level('waiting');
    const usage = window.level('kv_usage');
    if (waiting === null) return notEvaluated('the page does not tell how many requests wait');
    if (usage === null) return notEvaluated('the page does not tell the use of the key-value cache');
    const thin = tooFewSamples(input);
    if (thin !== undefined) return thin;
    if (waiting.min <= 0 || usage.mean < fullCache) return clear;
    const overloaded = window.total('overloaded') ?? 0;
    return found({
      rule: 'capacity_limited',
      severity: overloaded > 0 ? 'critical' : 'high',
      cause: overloaded > 0 ? 'engine_full' : null,
      slo: null,
      explanation: `Requests wait all the time while the key-value cache is full: this instance is asked for more than it can hold.`,
      evidence: evidenceFrom(window, [
        { metric: 'waiting min', value: waiting.min, unit: 'requests', compared: { op: '>', limit: 0 } },
        { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio', compared: { op: '>=', limit: fullCache } },
        { metric: 'waiting mean', value: waiting.mean, unit: 'requests' },
        { metric: 'queue_s p95', value: window.distribution('queue_s')?.p95, unit: 's' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ]),
    });
  },
};

export const prefixCacheLow: Rule = {
  id: 'prefix_cache_low',
  judge: (input) => {
    const { window } = input;
    const hits = window.total('prefix_hits');
    const queries = window.total('prefix_queries');
    if (hits === null || queries === null) return notEvaluated('the page does not count prefix cache lookups');
    const thin = tooFewRequests(input);
    if (thin !== undefined) return thin;
    if (queries === 0 || hits / queries >= lowPrefixHitRatio) return clear;
    return found({
      rule: 'prefix_cache_low',
      severity: 'info',
      cause: null,
      slo: null,
      explanation: 'Few prompt tokens come from the prefix cache. That is no fault if prompts share no beginning.',
      evidence: evidenceFrom(window, [
        {
          metric: 'prefix_hits per prefix_queries',
          value: hits / queries,
          unit: 'ratio',
          compared: { op: '<', limit: lowPrefixHitRatio },
        },
        { metric: 'prefix_queries', value: queries, unit: 'tokens' },
      ]),
    });
  },
};
