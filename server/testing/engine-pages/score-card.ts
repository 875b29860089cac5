/**
 * Holds what the analysis said against what people concluded. Precision: of the alarms that were raised, the share that
 * people would have raised. Recall: of what people named, the share that was named. Both over all sequences together
 * (micro averages); a finding of severity `info` is never an alarm.
 */
import { type RuleId, ruleIdSchema } from '../../domain/analysis/finding.ts';
import type { Snapshot } from '../../domain/engines/snapshot.ts';
import { engineOfLayout } from './layouts.ts';
import type { Replayed } from './replay-sequence.ts';
import type { Expectation, Sequence } from './sequence.ts';
import type { Count } from './traffic.ts';

export interface Answer {
  readonly sequence: string;
  /** Rules that were named and had to be. */
  readonly hits: readonly RuleId[];
  readonly misses: readonly RuleId[];
  readonly falseAlarms: readonly RuleId[];
  /** Every finding, as `rule severity`. */
  readonly found: readonly string[];
  /** Figures that did not come out of the page as they went in. */
  readonly misread: readonly string[];
}

type Wanted = Expectation['alarms'][number];
const alternatives = (wanted: Wanted): readonly RuleId[] => (typeof wanted === 'string' ? [wanted] : wanted);

export function judge(sequence: Sequence, { analysis, snapshots }: Replayed): Answer {
  const { alarms, hints = [], allowed = [] } = sequence.expect;
  const named = analysis.findings.map(({ rule }) => rule);
  const raised = analysis.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
  const answers = [
    ...alarms.map((wanted) => ({ wanted, hit: alternatives(wanted).find((rule) => raised.includes(rule)) })),
    ...hints.map((wanted) => ({ wanted, hit: alternatives(wanted).find((rule) => named.includes(rule)) })),
  ];
  const known = new Set([...alarms, ...hints].flatMap(alternatives).concat(allowed));
  return {
    sequence: sequence.name,
    hits: answers.flatMap(({ hit }) => hit ?? []),
    misses: answers.flatMap(({ wanted, hit }) => (hit === undefined ? alternatives(wanted).slice(0, 1) : [])),
    falseAlarms: [...new Set(raised)].filter((rule) => !known.has(rule)),
    found: analysis.findings.map(({ rule, severity }) => `${rule} ${severity}`),
    misread: misread(sequence, snapshots),
  };
}

export interface Rates {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  /** Null when there is nothing to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
}

export interface ScoreCard extends Rates {
  readonly answers: readonly Answer[];
  readonly byRule: Readonly<Partial<Record<RuleId, Rates>>>;
  /** Sequences with neither a miss nor a false alarm. */
  readonly exact: number;
  /** Sequences with a figure that was misread. */
  readonly misread: number;
}

export function scoreCard(answers: readonly Answer[]): ScoreCard {
  const byRule = ruleIdSchema.options.flatMap((rule) => {
    const rates = ratesOf(answers, rule);
    return rates.hits + rates.misses + rates.falseAlarms === 0 ? [] : [[rule, rates] as const];
  });
  return {
    ...ratesOf(answers),
    answers,
    byRule: Object.fromEntries(byRule),
    exact: answers.filter(isExact).length,
    misread: answers.filter(({ misread: figures }) => figures.length > 0).length,
  };
}

export const isExact = ({ misses, falseAlarms }: Answer) => misses.length + falseAlarms.length === 0;

function ratesOf(answers: readonly Answer[], only?: RuleId): Rates {
  const count = (of: keyof Pick<Answer, 'hits' | 'misses' | 'falseAlarms'>) =>
    answers.flatMap((answer) => answer[of]).filter((rule) => only === undefined || rule === only).length;
  const [hits, misses, falseAlarms] = [count('hits'), count('misses'), count('falseAlarms')];
  const share = (of: number) => (of === 0 ? null : hits / of);
  return { hits, misses, falseAlarms, precision: share(hits + falseAlarms), recall: share(hits + misses) };
}

/** Levels of the last page and counts of all steps, where the engine shows them and the snapshot has them. */
function misread({ steps, layout }: Sequence, snapshots: readonly Snapshot[]): string[] {
  const last = snapshots.at(-1);
  const parts = steps.at(-1)?.parts ?? [];
  if (last === undefined || steps.some(({ restarted }) => restarted === true)) return [];
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const went = (...names: readonly Count[]) =>
    sum(steps.flatMap((step) => step.parts.flatMap(({ counted }) => names.map((name) => counted[name] ?? 0))));
  const came = (read: (snapshot: Snapshot) => number | null) => {
    const values = snapshots.flatMap((snapshot) => read(snapshot) ?? []);
    return values.length === 0 ? null : sum(values);
  };
  const atEnd = engineOfLayout(layout) !== 'vllm';
  const figures: readonly (readonly [string, number, number | null])[] = [
    ['running', sum(parts.map(({ running }) => running)), last.running],
    ['waiting', sum(parts.map(({ waiting }) => waiting)), last.waiting],
    ['kv_usage', Math.max(...parts.map(({ kv }) => kv)), last.kv_usage],
    ['done', went('stopped', 'lengthReached'), came(({ done }) => done)],
    ['failed', went('failed', 'overloaded'), came(({ failed }) => failed)],
    ['aborted', went('aborted'), came(({ aborted }) => aborted)],
    ['preemptions', went('preempted'), came(({ preemptions }) => preemptions)],
    ['generation_tokens', went(atEnd ? 'generatedByEnded' : 'generated'), came((one) => one.generation_tokens)],
    ['prompt_tokens', went(atEnd ? 'promptByEnded' : 'prompt'), came((one) => one.prompt_tokens)],
    ['spec_drafted', went('drafted'), came(({ spec_drafted: drafted }) => drafted)],
    ['spec_accepted', went('accepted'), came(({ spec_accepted: accepted }) => accepted)],
  ];
  return figures.flatMap(([name, put, got]) =>
    got === null || Math.abs(got - put) <= 1e-4 * Math.max(1, put) ? [] : [`${name}: ${got} for ${put}`],
  );
}
