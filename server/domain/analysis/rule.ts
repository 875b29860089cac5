/** What a rule sees and says. A rule is a pure function of one window; too little data is an answer of its own. */
import type { Engine } from '../engines/engine.ts';
import type { Evidence, Finding, RuleId } from './finding.ts';
import type { SloStatus } from './slo-status.ts';
import type { SnapshotWindow } from './window.ts';

export interface RuleInput {
  readonly engine: Engine;
  readonly window: SnapshotWindow;
  /** Every SLO, judged over its own window. */
  readonly slos: readonly SloStatus[];
  /** Fewer finished requests than this say nothing about rates and latencies. */
  readonly minRequests: number;
}

export type Verdict =
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'clear' }
  | { readonly kind: 'not_evaluated'; readonly reason: string };

export interface Rule {
  readonly id: RuleId;
  readonly judge: (input: RuleInput) => Verdict;
}

/** Levels need this many snapshots before "all the time" means anything. */
export const minSamples = 3;

export const clear: Verdict = { kind: 'clear' };

export function notEvaluated(reason: string): Verdict {
  return { kind: 'not_evaluated', reason };
}

export function found(...findings: Finding[]): Verdict {
  return { kind: 'found', findings };
}

/** Why a rule on rates can't be judged; absent when it can. */
export function tooFewRequests({ window, minRequests }: RuleInput): Verdict | undefined {
  const { requests } = window;
  if (requests === null) return notEvaluated('the page does not count finished requests');
  if (requests >= minRequests) return undefined;
  return notEvaluated(`needs ${minRequests} finished requests in the window, got ${requests}`);
}

/** Why a rule on levels can't be judged; absent when it can. */
export function tooFewSamples({ window }: RuleInput): Verdict | undefined {
  return window.samples >= minSamples
    ? undefined
    : notEvaluated(`needs ${minSamples} snapshots in the window, got ${window.samples}`);
}

type Numbers = Omit<Evidence, 'window' | 'compared'> & Partial<Pick<Evidence, 'compared'>>;

/** Evidence from a window; numbers that are not there are left out. */
export function evidenceFrom(
  window: SnapshotWindow,
  numbers: readonly (Omit<Numbers, 'value'> & { value: number | null | undefined })[],
): Evidence[] {
  const { facts } = window;
  return numbers.flatMap(({ value, compared = null, ...rest }) =>
    value === null || value === undefined ? [] : [{ ...rest, value, compared, window: facts }],
  );
}
