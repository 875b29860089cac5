/** The rule about failed requests. */
import { clear, evidenceFrom, found, notEvaluated, tooFewRequests, type Rule, type RuleInput } from './rule.ts';
import { severityOfRatio } from './severity.ts';

/** What is judged by when no SLO names an error rate; the finding says so. The same as a rollout's guard. */
export const assumedErrorRate = 0.01;

export const errors: Rule = {
  id: 'errors',
  judge: (input) => {
    const { window } = input;
    const failed = window.total('failed');
    if (failed === null) return notEvaluated('the page does not count failed requests');
    const thin = tooFewRequests(input);
    if (thin !== undefined) return thin;
    const rate = failed / Math.max(1, window.requests ?? 0);
    const { limit, slo } = limitOf(input);
    if (rate <= limit) return clear;
    const overloaded = window.total('overloaded') ?? 0;
    return found({
      rule: 'errors',
      severity: severityOfRatio(rate / limit) ?? 'medium',
      cause: overloaded > failed / 2 ? 'engine_full' : null,
      slo,
      explanation: `${failed} of ${window.requests ?? 0} requests failed${overloaded > 0 ? `, ${overloaded} of them refused because the engine was full` : ''}.${slo === null ? ' No SLO names a limit; that of a rollout is assumed.' : ''}`,
      evidence: evidenceFrom(window, [
        { metric: 'failed per request', value: rate, unit: 'ratio', compared: { op: '>', limit } },
        { metric: 'failed', value: failed, unit: 'requests' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ]),
    });
  },
};

/** The strictest promise on errors. */
function limitOf({ slos }: RuleInput): { readonly limit: number; readonly slo: string | null } {
  const promised = slos.map(({ slo }) => slo).filter(({ metric }) => metric === 'error_rate');
  const strictest = promised.reduce<(typeof promised)[number] | undefined>(
    (best, next) => (best === undefined || next.target < best.target ? next : best),
    undefined,
  );
  return strictest === undefined
    ? { limit: assumedErrorRate, slo: null }
    : { limit: strictest.target, slo: strictest.name };
}
