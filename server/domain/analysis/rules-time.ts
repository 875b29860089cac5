/**
 * Rules about where a request's time goes. Without a promise no latency is wrong, so these say what takes the time, and
 * weigh it by who suffers from it.
 */
import type { Distribution } from '../engines/distribution.ts';
import { definitions } from '../engines/definitions.ts';
import type { DistributionField, Engine } from '../engines/engine.ts';
import type { Evidence } from './finding.ts';
import { manyEvents } from './least-share.ts';
import { clear, findingFrom, found, notApplicable, notEvaluated, type Rule, type RuleInput } from './rule.ts';
import type { Severity } from './severity.ts';
import type { SnapshotWindow } from './window.ts';

/** Share of a request's running time that reads its prompt, from which most of the engine's work is that. */
const prefillShare = 0.5;
/** Prompts being read at any moment, from which the engine never stops reading: seconds of reading in each second. */
const alwaysReading = 1;
/** Seconds of reading a prompt that a user notices; a short answer to a short prompt is mostly prefill, and no trouble. */
const longPrefillS = 1;
/**
 * Gaps between tokens at p95 over those at p50, from which prompts being read make those who are answered wait: vLLM,
 * "Optimization and Tuning", chunked prefill.
 */
const starvedRatio = 5;
/**
 * Share of a request outside queue and engine: the server in front, tokens to text, the network of processes. vLLM
 * measured a third before its version 0.6 and called it a bottleneck (blog, "vLLM v0.6.0", 2024-09-05).
 */
const hostShares = { medium: 0.3, high: 0.5 } as const;
/** Seconds below which that share is what any HTTP request costs. */
const leastHostS = 0.05;

export const prefillBound: Rule = { id: 'prefill_bound', worst: 'medium', judge: judgePrefill };

function judgePrefill(input: RuleInput) {
  const { engine, window, minRequests } = input;
  const parts = prefillParts(window);
  if (parts === undefined)
    return exportsAny(engine, ['prefill_s', 'ttft_s'])
      ? notEvaluated('the page does not tell how long prompts are read')
      : notApplicable('the engine does not tell how long prompts are read');
  const share = Math.min(1, parts.prefillS / parts.inferenceS);
  const reading = window.measuredS > 0 ? (parts.prefillS * parts.prompts) / window.measuredS : 0;
  // Few prompts that fill half of the window are no chance: it is its seconds that are judged, not their number.
  const fills = reading >= prefillShare && parts.requests >= manyEvents;
  if (parts.requests < minRequests && !fills) return notEvaluated(thin(parts.requests, minRequests));
  if (parts.prefillS < longPrefillS || (share < prefillShare && reading < alwaysReading)) return clear;
  const itl = window.distribution('itl_s');
  return found(
    findingFrom('prefill_bound', window, {
      severity: prefillSeverity(input, itl),
      cause: 'prefill_bound',
      explanation:
        share >= prefillShare
          ? 'Most of the time that requests run is spent reading their prompts.'
          : 'Prompts take long to read, and some are being read at any moment: the engine is never done with them.',
      evidence: [
        { metric: parts.metric, value: parts.prefillS, unit: 's', compared: { op: '>=', limit: longPrefillS } },
        { metric: parts.shareMetric, value: share, unit: 'ratio', compared: reached(share, prefillShare) },
        {
          metric: 'prompts being read, mean',
          value: reading,
          unit: 'requests',
          compared: reached(reading, alwaysReading),
        },
        { metric: 'itl_s p50', value: itl?.p50, unit: 's' },
        { metric: 'itl_s p95', value: itl?.p95, unit: 's' },
        { metric: 'prompt_length p50', value: window.distribution('prompt_length')?.p50, unit: 'tokens' },
      ],
    }),
  );
}

function reached(value: number, limit: number): Evidence['compared'] {
  return value >= limit ? { op: '>=', limit } : null;
}

interface PrefillParts {
  readonly prefillS: number;
  readonly inferenceS: number;
  /** How many prompts were read. */
  readonly prompts: number;
  /** How many requests are in each of the means. */
  readonly requests: number;
  readonly metric: string;
  readonly shareMetric: string;
}

/** Measured, or else what is left of the first token and of the whole request without the queue. */
function prefillParts(window: SnapshotWindow): PrefillParts | undefined {
  const [prefill, inference] = [window.distribution('prefill_s'), window.distribution('inference_s')];
  if (hasMean(prefill) && hasMean(inference) && inference.mean > 0)
    return {
      prefillS: prefill.mean,
      inferenceS: inference.mean,
      prompts: prefill.count,
      requests: Math.min(prefill.count, inference.count),
      metric: 'prefill_s mean',
      shareMetric: 'prefill_s mean per inference_s mean',
    };
  const [ttft, queue, e2e] = [
    window.distribution('ttft_s'),
    window.distribution('queue_s'),
    window.distribution('e2e_s'),
  ];
  if (!hasMean(ttft) || !hasMean(queue) || !hasMean(e2e) || e2e.mean <= queue.mean) return undefined;
  return {
    prefillS: Math.max(0, ttft.mean - queue.mean),
    inferenceS: e2e.mean - queue.mean,
    prompts: ttft.count,
    requests: Math.min(ttft.count, queue.count, e2e.count),
    metric: '(ttft_s - queue_s) mean',
    shareMetric: '(ttft_s - queue_s) mean per (e2e_s - queue_s) mean',
  };
}

/** A hint, unless somebody suffers: a promise on the first token is broken, or those who are answered wait for readers. */
function prefillSeverity({ slos }: RuleInput, itl: Distribution | null): Severity {
  const broken = slos.some(({ slo, state }) => state === 'violated' && slo.metric.startsWith('ttft_'));
  const starved = typeof itl?.p50 === 'number' && typeof itl.p95 === 'number' && itl.p95 >= itl.p50 * starvedRatio;
  return broken || (starved && itl.p95 > 0) ? 'medium' : 'info';
}

export const hostBound: Rule = { id: 'host_bound', worst: 'high', judge: judgeHost };

function judgeHost({ engine, window, minRequests }: RuleInput) {
  const [whole, queue, inference] = [
    window.distribution('e2e_s'),
    window.distribution('queue_s'),
    window.distribution('inference_s'),
  ];
  if (!hasMean(whole) || !hasMean(queue) || !hasMean(inference) || whole.mean <= 0)
    return exportsAny(engine, ['inference_s'])
      ? notEvaluated('the page does not tell how long requests queue, run and take in all')
      : notApplicable('the engine does not tell how long requests run');
  const requests = Math.min(whole.count, queue.count, inference.count);
  if (requests < minRequests) return notEvaluated(thin(requests, minRequests));
  const outsideS = whole.mean - queue.mean - inference.mean;
  const share = outsideS / whole.mean;
  if (share < hostShares.medium || outsideS < leastHostS) return clear;
  return found(
    findingFrom('host_bound', window, {
      severity: share >= hostShares.high ? 'high' : 'medium',
      explanation:
        'Much of the time of a request is spent neither in the queue nor in the engine: the server in front of it, or the processor, is what holds it up.',
      evidence: [
        {
          metric: 'share of e2e_s mean outside',
          value: share,
          unit: 'ratio',
          compared: { op: '>=', limit: hostShares.medium },
        },
        {
          metric: '(e2e_s - queue_s - inference_s) mean',
          value: outsideS,
          unit: 's',
          compared: { op: '>=', limit: leastHostS },
        },
        { metric: 'e2e_s mean', value: whole.mean, unit: 's' },
        { metric: 'queue_s mean', value: queue.mean, unit: 's' },
        { metric: 'inference_s mean', value: inference.mean, unit: 's' },
      ],
    }),
  );
}

function hasMean(seen: Distribution | null): seen is Distribution & { readonly mean: number } {
  return seen !== null && seen.mean !== null;
}

function exportsAny(engine: Engine, fields: readonly DistributionField[]): boolean {
  return fields.some((field) => definitions[engine].distributions[field] !== undefined);
}

function thin(requests: number, minRequests: number): string {
  return `needs ${minRequests} timed requests in the window, got ${requests}`;
}
