/**
 * A threshold as data: what was asked of which numbers. It travels with the run, so that it can be judged again, once,
 * on the merged numbers of all segments.
 */
import { unreachable } from '../unreachable.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '==';

/** `text` is the limit as its author wrote it. `value` is in the unit of the metric: milliseconds, a share of 1, per second, or a count. */
export interface Limit {
  readonly comparison: Comparison;
  readonly value: number;
  readonly text: string;
}

export type Scope =
  | { readonly kind: 'run' }
  | { readonly kind: 'endpoint'; readonly name: string }
  | { readonly kind: 'check'; readonly name: string }
  | { readonly kind: 'metric'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  /** A page that was looked at beside the load. */
  | { readonly kind: 'probe'; readonly name: string }
  /** `key=value`. */
  | { readonly kind: 'tag'; readonly name: string }
  /** Several loads of one test as one: which, by their place in it, and their names in words. */
  | { readonly kind: 'loads'; readonly name: string; readonly loads: readonly number[] };

/** Which part of the measured time. `every`: each window of that length must hold. Milliseconds from the start of the measured part. */
export type TimeWindow =
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number | undefined; readonly text: string }
  | { readonly kind: 'every'; readonly lengthMs: number; readonly text: string };

/** `metric` is a name as users write it: `p95`, `serviceTime.p99`, `successRate`, `throughput`. */
export interface Threshold {
  readonly scope: Scope;
  readonly window?: TimeWindow;
  readonly metric: string;
  readonly target: Limit;
  /** Met by this alone, the run is `acceptable`, not `passed`. */
  readonly acceptable?: Limit;
  /** Name of the SLO that it is a limit of, where it is one's. */
  readonly slo?: string;
  /** Nobody wrote it: it holds for what the spec does not speak of. */
  readonly implied?: true;
}

/** `run`, `GET /api/v1/health`, `check "accepted"`, `metric "cart"`, `page "shop"`, `loads a, b together`, and the window where there is one. */
export function describeScope({ scope, window }: Pick<Threshold, 'scope' | 'window'>): string {
  const subject = subjectOf(scope);
  return window === undefined ? subject : `${subject}, ${window.text}`;
}

function subjectOf(scope: Scope): string {
  switch (scope.kind) {
    case 'run':
      return 'run';
    case 'endpoint':
      return scope.name;
    case 'loads':
      return `${scope.name} together`;
    case 'probe':
      return `page "${scope.name}"`;
    case 'check':
    case 'metric':
    case 'group':
    case 'tag':
      return `${scope.kind} "${scope.name}"`;
    default:
      return unreachable(scope);
  }
}
