/** The rule about failed requests. */
import { windowRule, type RuleInput } from './rule.ts';
import { severityOfRatio } from './severity.ts';

/** What is judged by when no SLO names an error rate; the finding says so. The same as a rollout's guard. */
const assumedErrorRate = 0.01;

export const errors = windowRule({
  id: 'errors',
  reads: ['failed'],
  enough: 'requests',
  find: ({ failed }, input) => {
    const { window } = input;
    const rate = failed / Math.max(1, window.requests ?? 0);
    const { limit, slo } = limitOf(input);
    if (rate <= limit) return undefined;
    const overloaded = window.total('overloaded') ?? 0;
    return {
      severity: severityOfRatio(rate / limit) ?? 'medium',
      cause: overloaded > failed / 2 ? 'engine_full' : null,
      slo,
      explanation: `${failed} of ${window.requests ?? 0} requests failed${overloaded > 0 ? `, ${overloaded} of them refused because the engine was full` : ''}.${slo === null ? ' No SLO names a limit; that of a rollout is assumed.' : ''}`,
      evidence: [
        { metric: 'failed per request', value: rate, unit: 'ratio', compared: { op: '>', limit } },
        { metric: 'failed', value: failed, unit: 'requests' },
        { metric: 'overloaded', value: window.total('overloaded'), unit: 'requests' },
      ],
    };
  },
});

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
