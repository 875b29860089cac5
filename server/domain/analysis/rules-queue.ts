/**
 * Rules about who waits. There is one trouble, a queue that hardly ever empties, and one question, whether the cache is
 * full: each such queue is a finding of exactly one of the two rules.
 */
import type { Evidence, RuleId } from './finding.ts';
import { notEvaluated, windowRule, type Rule, type RuleInput, type Verdict } from './rule.ts';
import { fullCache } from './rules-cache.ts';
import type { Severity } from './severity.ts';
import type { Level } from './window.ts';

/** Share of the time with somebody waiting from which a queue is no burst: one moment without it does not end it. */
const lastingShare = 0.75;
/** Seconds of waiting without a break, up to now, that are more than a burst. */
const burstS = 60;
/** Share of a request's whole time in the queue below which waiting is a matter of course. */
const briefShare = 0.05;
/** How many times as bad as promised the first token or the queue may be: see `severityOfRatio`. */
const missed = { high: 1.5, critical: 2 } as const;

export const admissionLimited = queueRule({
  id: 'admission_limited',
  whenFull: false,
  severities: { brief: 'info', lasting: 'medium', refused: 'high' },
  explanation:
    'Requests wait although the key-value cache has room: a limit on how many may run, or on what is read at a time, holds them back.',
});

export const capacityLimited = queueRule({
  id: 'capacity_limited',
  whenFull: true,
  severities: { brief: 'medium', lasting: 'high', refused: 'critical' },
  explanation: 'Requests wait while the key-value cache is full: this instance is asked for more than it can hold.',
});

interface QueueRule {
  readonly id: Extract<RuleId, 'admission_limited' | 'capacity_limited'>;
  readonly whenFull: boolean;
  /** When it hardly costs time, when it lasts, and when requests are refused besides. */
  readonly severities: Readonly<Record<'brief' | 'lasting' | 'refused', Severity>>;
  readonly explanation: string;
}

function queueRule({ id, whenFull, severities, explanation }: QueueRule): Rule {
  const rule = windowRule({
    id,
    worst: 'critical',
    reads: ['waiting', 'kv_usage'],
    enough: 'snapshots',
    find: ({ waiting, kv_usage: usage }, input) => {
      const { window } = input;
      const share = queuedShare(input, waiting);
      // What preempts has no room, however full the pages saw it.
      const preemptions = window.total('preemptions') ?? 0;
      const full = usage.mean >= fullCache || preemptions > 0;
      if (share < lastingShare || full !== whenFull) return undefined;
      const overloaded = window.total('overloaded') ?? 0;
      return {
        severity: severityOf(input, overloaded, severities),
        cause: overloaded > 0 ? 'engine_full' : null,
        explanation,
        evidence: [
          {
            metric: 'share of time with a queue',
            value: share,
            unit: 'ratio',
            compared: { op: '>=', limit: lastingShare },
          },
          { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio', compared: againstFull(usage.mean, whenFull) },
          { metric: 'waiting mean', value: waiting.mean, unit: 'requests' },
          { metric: 'preemptions', value: preemptions > 0 ? preemptions : null, unit: 'events' },
          { metric: 'running max', value: window.level('running')?.max, unit: 'requests' },
          { metric: 'queue_s p95', value: window.distribution('queue_s')?.p95, unit: 's' },
          { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
        ],
      };
    },
  });
  // What lasts until now may be a burst or the beginning of a queue that lasts.
  const judge = (input: RuleInput): Verdict => {
    const verdict = rule.judge(input);
    const queuedS = verdict.kind === 'clear' ? queuedUntilNowS(input, whenFull) : 0;
    if (queuedS < burstS) return verdict;
    return notEvaluated(`requests have waited for the last ${Math.round(queuedS)} s: too short to tell from a burst`);
  };
  return { ...rule, judge };
}

/** Seconds that requests have waited without a break until the end of the window, beside a cache as full as asked. */
function queuedUntilNowS({ window, pieces }: RuleInput, whenFull: boolean): number {
  if ((window.level('waiting')?.max ?? 0) <= 0 || (window.level('waiting')?.min ?? 0) > 0) return 0;
  const all = pieces().filter(({ samples }) => samples > 0);
  const begin = all.findLastIndex((piece) => (piece.level('waiting')?.min ?? 0) <= 0) + 1;
  const end = all.slice(begin);
  const usage = end.map((piece) => piece.level('kv_usage')?.mean ?? 0);
  const full = usage.reduce((sum, one) => sum + one, 0) >= fullCache * usage.length;
  return full === whenFull ? end.reduce((sum, { measuredS }) => sum + measuredS, 0) : 0;
}

/** The comparison that led here; none where preemptions alone say that the cache is full. */
function againstFull(mean: number, whenFull: boolean): Evidence['compared'] {
  if (mean >= fullCache) return { op: '>=', limit: fullCache };
  return whenFull ? null : { op: '<', limit: fullCache };
}

/**
 * Share of the window's snapshots that saw a queue. A piece in which it came and went counts by mean over maximum, which
 * is never more than the true share: so many snapshots of at most the maximum make that mean.
 */
function queuedShare({ pieces }: Pick<RuleInput, 'pieces'>, waiting: Level): number {
  if (waiting.min > 0) return 1;
  if (waiting.max <= 0) return 0;
  let queued = 0;
  let samples = 0;
  for (const piece of pieces()) {
    const level = piece.level('waiting');
    if (level === null) continue;
    samples += piece.samples;
    if (level.min > 0) queued += piece.samples;
    else if (level.max > 0) queued += (piece.samples * level.mean) / level.max;
  }
  return samples === 0 ? 0 : queued / samples;
}

/** As bad as the worst promise on the first token or the queue; without one, as bad as what is known of the queue. */
function severityOf({ window, slos }: RuleInput, overloaded: number, by: QueueRule['severities']): Severity {
  const ratios = slos
    .filter(({ slo, state }) => state === 'violated' && /^(?:ttft|queue)_/.test(slo.metric))
    .map(({ ratio }) => ratio ?? 1);
  const worst = Math.max(0, ...ratios);
  if (worst >= missed.critical) return 'critical';
  if (overloaded > 0) return by.refused;
  if (worst >= missed.high) return 'high';
  const [queue, whole] = [window.distribution('queue_s')?.mean, window.distribution('e2e_s')?.mean];
  const brief = worst < 1 && typeof queue === 'number' && typeof whole === 'number' && queue < whole * briefShare;
  return brief ? by.brief : by.lasting;
}
