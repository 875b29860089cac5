/** Rules about latency. They compare with what was promised and with nothing else: no SLO, no verdict. */
import type { Evidence, Finding, RuleId } from './finding.ts';
import { clear, evidenceFrom, found, notApplicable, notEvaluated, type Rule, type RuleInput } from './rule.ts';
import { severityOfRatio } from './severity.ts';
import type { SloStatus } from './slo-status.ts';
import type { SnapshotWindow } from './window.ts';

/** Share of the time to the first token from which one part of it is what to look at. */
const mostShare = 0.5;

export const ttftSlo: Rule = { id: 'ttft_slo', worst: 'critical', judge: (input) => judge(input, 'ttft_slo', 'ttft_') };
export const itlSlo: Rule = { id: 'itl_slo', worst: 'critical', judge: (input) => judge(input, 'itl_slo', 'itl_') };

function judge(input: RuleInput, rule: Extract<RuleId, 'ttft_slo' | 'itl_slo'>, prefix: 'ttft_' | 'itl_') {
  const promised = input.slos.filter(({ slo }) => slo.metric.startsWith(prefix));
  if (promised.length === 0) return notApplicable(`no SLO names a metric of \`${prefix}…\``);
  const violated = promised.filter(({ state }) => state === 'violated');
  if (violated.length > 0) return found(...violated.map((status) => findingOf({ status, rule, window: input.window })));
  const open = promised.find(({ state }) => state === 'not_evaluated');
  return open === undefined ? clear : notEvaluated(`\`${open.slo.name}\`: ${open.reason ?? 'not evaluated'}`);
}

interface Violation {
  readonly status: SloStatus;
  readonly rule: 'ttft_slo' | 'itl_slo';
  readonly window: SnapshotWindow;
}

function findingOf({ status, rule, window }: Violation): Finding {
  const { slo, value, ratio } = status;
  const missed: Evidence = {
    metric: slo.metric,
    value: value ?? 0,
    unit: 's',
    // What is the least that few requests prove may be the limit itself.
    compared: { op: slo.op === '<' || value === slo.target ? '>=' : '>', limit: slo.target },
    window: status.window,
  };
  const explained = rule === 'ttft_slo' ? firstToken(window) : betweenTokens(window);
  return {
    rule,
    severity: severityOfRatio(ratio ?? 1) ?? 'medium',
    cause: explained.cause,
    slo: slo.name,
    explanation: `\`${slo.name}\` is missed: ${explained.why}`,
    evidence: [missed, ...explained.evidence],
  };
}

type Explained = Pick<Finding, 'cause' | 'evidence'> & { readonly why: string };

/** The part that is at least half of the time, by the 95th of a hundred: promises are broken by the slow ones. */
function firstToken(window: SnapshotWindow): Explained {
  const p95 = (field: 'ttft_s' | 'queue_s' | 'prefill_s') => window.distribution(field)?.p95 ?? null;
  const [ttft, queue, prefill] = [p95('ttft_s'), p95('queue_s'), p95('prefill_s')];
  const evidence = evidenceFrom(window, [
    { metric: 'ttft_s p95', value: ttft, unit: 's' },
    { metric: 'queue_s p95', value: queue, unit: 's' },
    { metric: 'prefill_s p95', value: prefill, unit: 's' },
  ]);
  if (ttft === null || queue === null)
    return { cause: null, evidence, why: 'first tokens come late, and the page does not tell why.' };
  const most = ttft * mostShare;
  if (queue >= most && queue >= (prefill ?? 0))
    return { cause: 'queue_bound', evidence, why: 'at least half of the time to the first token is spent queueing.' };
  // Where reading is not told apart, it is what is left of the time.
  if (prefill === null || prefill >= most) return { cause: 'prefill_bound', evidence, why: whyPrefill(prefill) };
  if (ttft - queue - prefill >= most)
    return {
      cause: 'host_bound',
      evidence,
      why: 'most of the time to the first token is spent neither queueing nor reading the prompt: in the server in front of the engine.',
    };
  return { cause: null, evidence, why: 'first tokens come late, and no part of the time is half of it.' };
}

function whyPrefill(prefill: number | null): string {
  return prefill === null
    ? 'most of the time to the first token is not spent queueing; the page does not tell reading the prompt from the server in front.'
    : 'most of the time to the first token is spent reading the prompt.';
}

function betweenTokens(window: SnapshotWindow): Explained {
  const evidence = evidenceFrom(window, [
    { metric: 'running mean', value: window.level('running')?.mean, unit: 'requests' },
    { metric: 'preemptions', value: window.total('preemptions'), unit: 'events' },
  ]);
  return { cause: null, evidence, why: 'tokens follow one another too slowly.' };
}
