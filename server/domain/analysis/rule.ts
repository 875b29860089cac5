/**
 * What a rule sees and says, and how all rules on one window begin. A rule is a pure function; too little data is an
 * answer of its own.
 */
import { definitions } from '../engines/definitions.ts';
import { gaugeFields, type CounterField, type Engine, type GaugeField } from '../engines/engine.ts';
import type { Evidence, Finding, RuleId } from './finding.ts';
import type { Severity } from './severity.ts';
import type { SloStatus } from './slo-status.ts';
import type { Level, SnapshotWindow } from './window.ts';

export interface RuleInput {
  readonly engine: Engine;
  readonly window: SnapshotWindow;
  /** The same window in equal pieces, for what is true most of the time but not always; made when asked for. */
  readonly pieces: () => readonly SnapshotWindow[];
  /** Every SLO, judged over its own window. */
  readonly slos: readonly SloStatus[];
  /** Fewer finished requests than this say nothing about rates and latencies. */
  readonly minRequests: number;
}

export type Verdict =
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'not_evaluated';
      readonly reason: string;
      /** False where there is nothing to judge, whatever is measured: it takes nothing from the confidence. */
      readonly applies: boolean;
    };

export interface Rule {
  readonly id: RuleId;
  /** The worst it can say, by which it weighs in the confidence. */
  readonly worst: Severity;
  readonly judge: (input: RuleInput) => Verdict;
}

/** Levels need this many snapshots before "all the time" means anything. */
export const minSamples = 3;

export const clear: Verdict = { kind: 'clear' };

export function notEvaluated(reason: string): Verdict {
  return { kind: 'not_evaluated', reason, applies: true };
}

export function notApplicable(reason: string): Verdict {
  return { kind: 'not_evaluated', reason, applies: false };
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
  prefix_hits: 'the page does not count prefix cache lookups',
  prefix_queries: 'the page does not count prefix cache lookups',
} as const satisfies Partial<Record<GaugeField | CounterField, string>>;

type Field = keyof typeof missing;
/** A level for a gauge, a sum for a counter. */
type Read<Fields extends Field> = { readonly [Name in Fields]: Name extends GaugeField ? Level : number };

interface WindowRule<Fields extends Field> extends Pick<Rule, 'id' | 'worst'> {
  /** Without one of these nothing can be said. */
  readonly reads: readonly Fields[];
  /** Of what there must be enough: snapshots for a rule on levels, finished requests for one on rates, nothing for events. */
  readonly enough: 'snapshots' | 'requests' | 'nothing';
  /** Undefined when all is well. */
  readonly find: (read: Read<Fields>, input: RuleInput) => Found | undefined;
}

interface Found extends Pick<Finding, 'severity' | 'explanation'>, Partial<Pick<Finding, 'cause' | 'slo'>> {
  readonly evidence: readonly Numbers[];
}

/** A rule on the numbers of the window: judged only when they are there, and enough of them. */
export function windowRule<Fields extends Field>({ id, worst, reads, enough, find }: WindowRule<Fields>): Rule {
  const judge = (input: RuleInput): Verdict => {
    const { engine, window } = input;
    const read = reads.map(
      (field: Field) => [field, isGauge(field) ? window.level(field) : window.total(field)] as const,
    );
    const absent = read.find(([, value]) => value === null);
    if (absent !== undefined) return (exports(engine, absent[0]) ? notEvaluated : notApplicable)(missing[absent[0]]);
    const tooFew = lacking[enough](input);
    if (tooFew !== undefined) return notEvaluated(tooFew);
    const finding = find(Object.fromEntries(read) as Read<Fields>, input);
    if (finding === undefined) return clear;
    return found(findingFrom(id, window, finding));
  };
  return { id, worst, judge };
}

export function findingFrom(rule: RuleId, window: SnapshotWindow, { evidence, ...rest }: Found): Finding {
  return { rule, cause: null, slo: null, ...rest, evidence: evidenceFrom(window, evidence) };
}

/** Whether any version of the engine has it: what none exports is no gap in what this page tells. */
function exports(engine: Engine, field: Field): boolean {
  const { gauges, counters } = definitions[engine];
  return (isGauge(field) ? gauges[field] : counters[field]) !== undefined;
}

const isGauge = (field: Field): field is Field & GaugeField => (gaugeFields as readonly string[]).includes(field);

const lacking: Readonly<Record<WindowRule<Field>['enough'], (input: RuleInput) => string | undefined>> = {
  snapshots: tooFewSamples,
  requests: tooFewRequests,
  nothing: () => undefined,
};

export function tooFewRequests({ window: { requests }, minRequests }: RuleInput): string | undefined {
  if (requests === null) return 'the page does not count finished requests';
  return requests >= minRequests ? undefined : `needs ${minRequests} finished requests in the window, got ${requests}`;
}

export function tooFewSamples({ window: { samples } }: RuleInput): string | undefined {
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
