/** Rules about how well the accelerator is used: how many requests share a step, and how many drafted tokens are kept. */
import {
  clear,
  findingFrom,
  found,
  notApplicable,
  notEvaluated,
  windowRule,
  type Rule,
  type RuleInput,
} from './rule.ts';

/** Requests in a batch below which a step costs nearly the same for one more: it reads all weights, however many share them. */
const smallBatch = 8;
/** Fraction of the cache below which ten times as many requests would fit. */
const roomyCache = 0.1;
/** Mean of the requests that run below which the engine is mostly idle, and there is no batch to speak of. */
const leastRunning = 0.5;

/** A hint and no fault: nobody waits, so the clients do not ask for more (SGLang, "Hyperparameter Tuning": an empty queue). */
export const batchUnderfilled = windowRule({
  id: 'batch_underfilled',
  worst: 'info',
  reads: ['running', 'waiting', 'kv_usage'],
  enough: 'snapshots',
  find: ({ running, waiting, kv_usage: usage }) => {
    if (running.mean < leastRunning || running.mean >= smallBatch || usage.mean >= roomyCache || waiting.max > 0)
      return undefined;
    return {
      severity: 'info',
      explanation:
        'Few requests share a step although there is room and nobody waits: clients do not send more at a time.',
      evidence: [
        { metric: 'running mean', value: running.mean, unit: 'requests', compared: { op: '<', limit: smallBatch } },
        { metric: 'kv_usage mean', value: usage.mean, unit: 'ratio', compared: { op: '<', limit: roomyCache } },
        { metric: 'waiting max', value: waiting.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
      ],
    };
  },
});

/**
 * Kept share of drafted tokens. Drafting gains while it is above what a drafted token costs against one of the model
 * itself: (1 + kept × n) tokens for (1 + cost × n), from Leviathan, Kalman, Matias, "Fast Inference from Transformers via
 * Speculative Decoding", 2023, theorem 3.8. A draft model of a tenth loses below 0.1; a busy batch pays more for each.
 */
const keptShares = { info: 0.3, medium: 0.1 } as const;
/** Fewer drafted tokens say nothing about the share. */
const leastDrafted = 1_000;

export const speculationLow: Rule = { id: 'speculation_low', worst: 'medium', judge: judgeSpeculation };

function judgeSpeculation({ window }: RuleInput) {
  const [drafted, accepted] = [window.total('spec_drafted'), window.total('spec_accepted')];
  if (drafted === null || accepted === null || drafted === 0) return notApplicable('the page counts no drafted tokens');
  if (drafted < leastDrafted) return notEvaluated(`needs ${leastDrafted} drafted tokens in the window, got ${drafted}`);
  const kept = accepted / drafted;
  if (kept >= keptShares.info) return clear;
  return found(
    findingFrom('speculation_low', window, {
      severity: kept < keptShares.medium ? 'medium' : 'info',
      explanation: 'Few of the tokens that speculative decoding drafts are kept: drafting may cost more than it gains.',
      evidence: [
        {
          metric: 'spec_accepted per spec_drafted',
          value: kept,
          unit: 'ratio',
          compared: { op: '<', limit: keptShares.info },
        },
        { metric: 'spec_drafted', value: drafted, unit: 'tokens' },
      ],
    }),
  );
}
