/**
 * Rules about the key-value cache. A full cache alone is an engine that uses what it has; it is trouble when requests are
 * thrown out of it (vLLM documentation, "Optimization and Tuning", preemption) or wait for it (`rules-queue.ts`).
 */
import { windowRule } from './rule.ts';
import type { Severity } from './severity.ts';

/** Fraction of the cache from which it counts as full. SGLang names it ("Hyperparameter Tuning"): well used above, too cautious below. */
export const fullCache = 0.9;
/** Preemptions per finished request above which they are more than a chance meeting, and above which they are the rule. */
const preemptionShares = { high: 0.01, critical: 0.05 } as const;
/** So many are events, whatever their share: a count this small says nothing about a rate. */
const preemptionEvents = { high: 3, critical: 10 } as const;
/** Below this fraction of prompt tokens the prefix cache hardly helps; a hint and no fault, since prompts may just differ. */
const lowPrefixHitRatio = 0.2;

/**
 * Preemptions are counted, and need no finished requests to be true; an engine preempts for lack of cache only. How full
 * it was is seen at the pages and no more, so a level below the limit does not clear it.
 */
export const kvExhaustion = windowRule({
  id: 'kv_exhaustion',
  worst: 'critical',
  reads: ['preemptions'],
  enough: 'nothing',
  find: ({ preemptions }, { window }) => {
    if (preemptions <= 0) return undefined;
    const usage = window.level('kv_usage');
    const done = window.total('done') ?? 0;
    const share = preemptions / Math.max(1, done);
    const full = usage !== null && usage.max >= fullCache;
    return {
      severity: preemptionSeverity(preemptions, share),
      explanation: `${full ? 'The key-value cache runs full and requests are put back' : 'Requests are put back for lack of key-value cache, though no page saw it full'}: ${preemptions} preemptions for ${done} finished requests. Their tokens are computed again.`,
      evidence: [
        {
          metric: 'kv_usage max',
          value: usage?.max,
          unit: 'ratio',
          compared: full ? { op: '>=', limit: fullCache } : null,
        },
        { metric: 'preemptions', value: preemptions, unit: 'events', compared: { op: '>', limit: 0 } },
        { metric: 'preemptions per finished request', value: share, unit: 'ratio' },
        { metric: 'kv_usage mean', value: usage?.mean, unit: 'ratio' },
        { metric: 'waiting mean', value: window.level('waiting')?.mean, unit: 'requests' },
      ],
    };
  },
});

function preemptionSeverity(events: number, share: number): Severity {
  if (events >= preemptionEvents.critical && share > preemptionShares.critical) return 'critical';
  return events >= preemptionEvents.high && share > preemptionShares.high ? 'high' : 'medium';
}

export const prefixCacheLow = windowRule({
  id: 'prefix_cache_low',
  worst: 'info',
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
