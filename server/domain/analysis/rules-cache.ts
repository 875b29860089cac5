/**
 * Rules about the key-value cache. A full cache alone is an engine that uses what it has; it is trouble when requests are
 * thrown out of it (vLLM documentation, "Optimization and Tuning", preemption) or wait for it.
 */
import { windowRule } from './rule.ts';

/** Fraction of the cache from which it counts as full. */
const fullCache = 0.9;
/** Preemptions per finished request above which most of what is computed may be computed twice. */
const criticalPreemptionShare = 0.05;
/** Below this fraction of prompt tokens the prefix cache hardly helps; a hint and no fault, since prompts may just differ. */
const lowPrefixHitRatio = 0.2;

export const kvExhaustion = windowRule({
  id: 'kv_exhaustion',
  reads: ['kv_usage', 'preemptions'],
  enough: 'requests',
  find: ({ kv_usage: usage, preemptions }, { window }) => {
    if (usage.max < fullCache || preemptions === 0) return undefined;
    const done = window.total('done') ?? 0;
    const share = preemptions / Math.max(1, done);
    return {
      severity: share > criticalPreemptionShare ? 'critical' : 'high',
      explanation: `The key-value cache runs full and requests are put back: ${preemptions} preemptions for ${done} finished requests. Their tokens are computed again.`,
      evidence: [
        { metric: 'kv_usage max', value: usage.max, unit: 'ratio', compared: { op: '>=', limit: fullCache } },
        { metric: 'preemptions', value: preemptions, unit: 'events', compared: { op: '>', limit: 0 } },
        { metric: 'preemptions per finished request', value: share, unit: 'ratio' },
        { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio' },
        { metric: 'waiting mean', value: window.level('waiting')?.mean, unit: 'requests' },
      ],
    };
  },
});

export const capacityLimited = windowRule({
  id: 'capacity_limited',
  reads: ['waiting', 'kv_usage'],
  enough: 'snapshots',
  find: ({ waiting, kv_usage: usage }, { window }) => {
    if (waiting.min <= 0 || usage.mean < fullCache) return undefined;
    const overloaded = window.total('overloaded') ?? 0;
    return {
      severity: overloaded > 0 ? 'critical' : 'high',
      cause: overloaded > 0 ? 'engine_full' : null,
      explanation: `Requests wait all the time while the key-value cache is full: this instance is asked for more than it can hold.`,
      evidence: [
        { metric: 'waiting min', value: waiting.min, unit: 'requests', compared: { op: '>', limit: 0 } },
        { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio', compared: { op: '>=', limit: fullCache } },
        { metric: 'waiting mean', value: waiting.mean, unit: 'requests' },
        { metric: 'queue_s p95', value: window.distribution('queue_s')?.p95, unit: 's' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ],
    };
  },
});

export const prefixCacheLow = windowRule({
  id: 'prefix_cache_low',
  reads: ['prefix_hits', 'prefix_queries'],
  enough: 'requests',
  find: ({ prefix_hits: hits, prefix_queries: queries }) => {
    if (queries === 0 || hits / queries >= lowPrefixHitRatio) return undefined;
    return {
      severity: 'info',
      explanation: 'Few prompt tokens come from the prefix cache. That is no fault if prompts share no beginning.',
      evidence: [
        {
          metric: 'prefix_hits per prefix_queries',
          value: hits / queries,
          unit: 'ratio',
          compared: { op: '<', limit: lowPrefixHitRatio },
        },
        { metric: 'prefix_queries', value: queries, unit: 'tokens' },
      ],
    };
  },
});
