/**
 * What a rule sees and says, and how all rules on one window begin. A rule is a pure function; too little data is an
 * answer of its own.
 */
import { gaugeFields, type CounterField, type Engine, type GaugeField } from '../engines/engine.ts';
import type { Evidence, Finding, RuleId } from './finding.ts';
import type { SloStatus } from './slo-status.ts';
import type { Level, SnapshotWindow } from './window.ts';

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

/** What a rule may go by, and what is said when the window has it not. */
const missing = {
  running: 'the page does not tell how many requests run',
  waiting: 'the page does not tell how many requests wait',
  kv_usage: 'the page does not tell the use of the key-value cache',
  preemptions: 'the page does not count preemptions',
  failed: 'the page does not count failed requests',
  generation_tokens: 'the window counts no generated tokens',
  prefix_hits: 'the page does not count prefix cache lookups',
  prefix_queries: 'the page does not count prefix cache lookups',
} as const satisfies Partial<Record<GaugeField | CounterField, string>>;

type Field = keyof typeof missing;
/** A level for a gauge, a sum for a counter. */
type Read<Fields extends Field> = { readonly [Name in Fields]: Name extends GaugeField ? Level : number };

interface WindowRule<Fields extends Field> {
  readonly id: RuleId;
  /** Without one of these nothing can be said. */
  readonly reads: readonly Fields[];
  /** Of what there must be enough: snapshots for a rule on levels, finished requests for one on rates. */
  readonly enough: 'snapshots' | 'requests';
  /** Undefined when all is well. */
  readonly find: (read: Read<Fields>, input: RuleInput) => Found | undefined;
}

interface Found extends Pick<Finding, 'severity' | 'explanation'>, Partial<Pick<Finding, 'cause' | 'slo'>> {
  readonly evidence: readonly Numbers[];
}

/** A rule on the numbers of the window: judged only when they are there, and enough of them. */
export function windowRule<Fields extends Field>({ id, reads, enough, find }: WindowRule<Fields>): Rule {
  const judge = (input: RuleInput): Verdict => {
    const { window } = input;
    const read = reads.map(
      (field: Field) => [field, isGauge(field) ? window.level(field) : window.total(field)] as const,
    );
    const absent = read.find(([, value]) => value === null);
    if (absent !== undefined) return notEvaluated(missing[absent[0]]);
    const tooFew = enough === 'snapshots' ? tooFewSamples(input) : tooFewRequests(input);
    if (tooFew !== undefined) return notEvaluated(tooFew);
    const finding = find(Object.fromEntries(read) as Read<Fields>, input);
    if (finding === undefined) return clear;
    return found({ rule: id, cause: null, slo: null, ...finding, evidence: evidenceFrom(window, finding.evidence) });
  };
  return { id, judge };
}

const isGauge = (field: Field): field is Field & GaugeField => (gaugeFields as readonly string[]).includes(field);

function tooFewRequests({ window: { requests }, minRequests }: RuleInput): string | undefined {
  if (requests === null) return 'the page does not count finished requests';
  return requests >= minRequests ? undefined : `needs ${minRequests} finished requests in the window, got ${requests}`;
}

function tooFewSamples({ window: { samples } }: RuleInput): string | undefined {
  return samples >= minSamples ? undefined : `needs ${minSamples} snapshots in the window, got ${samples}`;
}

interface Numbers extends Pick<Evidence, 'metric' | 'unit'>, Partial<Pick<Evidence, 'compared'>> {
  readonly value: number | null | undefined;
}

/** Evidence from a window; numbers that are not there are left out. */
export function evidenceFrom(window: SnapshotWindow, numbers: readonly Numbers[]): Evidence[] {
  const { facts } = window;
  return numbers.flatMap(({ value, compared = null, ...rest }) =>
    value === null || value === undefined ? [] : [{ ...rest, value, compared, window: facts }],
  );
}
