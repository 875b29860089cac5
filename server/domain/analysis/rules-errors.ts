/** The rule about failed requests. A few failures of a few requests are no rate: the share that is judged is the least it can be. */
import { leastShare, manyEvents } from './least-share.ts';
import { clear, findingFrom, found, notEvaluated, tooFewRequests, type Rule, type RuleInput } from './rule.ts';
import { severityOfRatio } from './severity.ts';

/** What is judged by when no SLO names an error rate; the finding says so. The same as a rollout's guard. */
const assumedErrorRate = 0.01;
/** One may be the first page, or a restart that somebody wanted. */
const manyBaselines = 2;

export const errors: Rule = { id: 'errors', worst: 'critical', judge: judgeErrors };

function judgeErrors(input: RuleInput) {
  const { window, minRequests } = input;
  const { requests } = window;
  const failed = window.total('failed');
  if (failed === null) return notEvaluated('the page does not count failed requests');
  if (requests === null) return notEvaluated('the page does not count finished requests');
  const { limit, slo, broken } = limitOf(input);
  const rate = failed / Math.max(1, requests);
  const thin = tooFewRequests(input);
  // A promise of "below" is also broken at its limit.
  const above = rate > limit || (broken && rate === limit);
  if (!above && window.baselines >= manyBaselines)
    return notEvaluated(
      `the engine began anew ${window.baselines} times in the window: what it cut off is in no count`,
    );
  if (!above) return thin === undefined ? clear : notEvaluated(thin);
  const least = leastShare(failed, requests);
  const proven = least > limit && (requests >= minRequests || failed >= manyEvents);
  // A promise that its own window breaks is broken, by however little.
  if (!proven && !broken)
    return notEvaluated(`${failed} of ${requests} requests failed: too few to tell from a rate of ${limit}`);
  const overloaded = window.total('overloaded') ?? 0;
  return found(
    findingFrom('errors', window, {
      severity: severityOfRatio(least / limit) ?? 'medium',
      cause: overloaded > failed / 2 ? 'engine_full' : null,
      slo,
      explanation: `${failed} of ${requests} requests failed${overloaded > 0 ? `, ${overloaded} of them refused because the engine was full` : ''}.${slo === null ? ' No SLO names a limit; that of a rollout is assumed.' : ''}`,
      evidence: [
        {
          metric: 'failed per request',
          value: rate,
          unit: 'ratio',
          compared: { op: rate > limit ? '>' : '>=', limit },
        },
        { metric: 'failed per request, at least', value: least, unit: 'ratio' },
        { metric: 'failed', value: failed, unit: 'requests' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ],
    }),
  );
}

interface Limit {
  readonly limit: number;
  readonly slo: string | null;
  readonly broken: boolean;
}

/** The strictest promise on errors. */
function limitOf({ slos }: RuleInput): Limit {
  const promised = slos.filter(({ slo }) => slo.metric === 'error_rate');
  const strictest = promised.reduce<(typeof promised)[number] | undefined>(
    (best, next) => (best === undefined || next.slo.target < best.slo.target ? next : best),
    undefined,
  );
  return strictest === undefined
    ? { limit: assumedErrorRate, slo: null, broken: false }
    : { limit: strictest.slo.target, slo: strictest.slo.name, broken: strictest.state === 'violated' };
}
