/**
 * Turns findings into changes of real flags. Nothing is promised that is not arithmetic: whether a change helped is
 * measured after it was made. What was considered and left out is listed with the reason.
 */
import { z } from 'zod';
import type { Analysis } from '../analysis/analyse.ts';
import { ruleIdSchema, type Finding } from '../analysis/finding.ts';
import type { SnapshotWindow } from '../analysis/window.ts';
import { engineSchema, type Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { findFlag } from './catalogue.ts';
import { defaultConstraints, type Constraints } from './constraints.ts';
import { flagChangeSchema, flagName, flagValueSchema, type Config, type FlagValue } from './flags.ts';
import { KnownConfig } from './known-config.ts';
import { observe } from './observed.ts';
import type { Remedy, RemedyInput } from './remedy.ts';
import { sglangRemedies } from './sglang.ts';
import { tgiRemedies } from './tgi.ts';
import { vllmRemedies } from './vllm.ts';

const bases = ['history', 'arithmetic', 'documented'] as const;

const common = {
  flag: z.string(),
  from: flagValueSchema,
  because: z.array(ruleIdSchema).readonly().meta({ description: 'The findings it answers' }),
  basis: z.enum(bases).meta({
    description:
      'history: it helped this instance before. arithmetic: the effect can be calculated. documented: the engine recommends it',
  }),
  reference: z.string().meta({ description: 'The documentation, or the workflow that tried it before' }),
  expected: z
    .object({ metric: z.string(), factor: z.number(), how: z.string() })
    .readonly()
    .nullable()
    .meta({ description: 'Null unless arithmetic: nobody knows before it is measured' }),
  risk: z.string(),
  restart: z.boolean().meta({ description: 'The engine reads this at its start only' }),
};

const actionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('set'), to: flagValueSchema, ...common }),
    z.object({ kind: z.literal('scale'), to: flagValueSchema, ...common }),
    z.object({ kind: z.literal('evaluate'), ...common }),
  ])
  .meta({ id: 'Action', description: 'set: a rollout can do it. scale: needs hardware. evaluate: try it aside first' });
type Action = z.infer<typeof actionSchema>;

const skippedSchema = z
  .object({ flag: z.string(), because: ruleIdSchema, reason: z.string() })
  .readonly()
  .meta({ id: 'SkippedAction' });
type Skipped = z.infer<typeof skippedSchema>;

export const planSchema = z
  .object({
    engine: engineSchema,
    actions: z.array(actionSchema).readonly().meta({ description: 'In the order in which to try them' }),
    skipped: z.array(skippedSchema).readonly(),
    changes: z.array(flagChangeSchema).readonly().meta({
      description:
        'What one rollout would change: the first action that is a setting, alone, so that its effect can be told',
    }),
    restart: z.boolean().meta({ description: 'The changes take effect only when the engine restarts' }),
  })
  .readonly()
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof planSchema>;

/** What came of the same change to the same instance before. */
export interface Tried {
  readonly workflow_id: string;
  readonly flag: string;
  readonly to: FlagValue;
  readonly outcome: 'completed' | 'rolled_back' | 'inconclusive';
}

interface PlanInput {
  readonly engine: Engine;
  readonly analysis: Analysis;
  /** Those that the analysis is about: their levels and lengths bound what is proposed. */
  readonly snapshots: readonly Snapshot[] | SnapshotWindow;
  /** As far as known; what is missing is not changed. */
  readonly config?: Config;
  readonly constraints?: Constraints;
  /** The newest last. */
  readonly history?: readonly Tried[];
}

export const remedies: Readonly<Record<Engine, readonly Remedy[]>> = {
  vllm: vllmRemedies,
  sglang: sglangRemedies,
  tgi: tgiRemedies,
};

export function plan(input: PlanInput): Plan {
  const { engine, analysis, config = {}, constraints = defaultConstraints, history = [] } = input;
  const parts = { config: new KnownConfig(engine, config), constraints, observed: observe(input.snapshots) };
  const found = analysis.findings.map(({ rule }) => rule);
  const draft = new Draft(history);
  // What is only worth knowing is no reason to change anything.
  for (const finding of analysis.findings.filter(({ severity }) => severity !== 'info')) {
    const outcomes = remedies[engine]
      .filter(({ rules }) => rules.includes(finding.rule))
      .map((remedy) => consider(remedy, { ...parts, finding, engine, found, history }));
    outcomes.sort((a, b) => rank(a) - rank(b)); // stable: the catalogue's order among equals
    for (const outcome of outcomes) draft.add(outcome);
  }
  return draft.plan(engine);
}

type Outcome = Action | (Skipped & { readonly kind: 'skipped' });

function rank(outcome: Outcome): number {
  if (outcome.kind === 'skipped') return bases.length;
  const settings = outcome.kind === 'set' ? 0 : bases.length;
  return settings + bases.indexOf(outcome.basis);
}

interface Considered extends RemedyInput {
  readonly engine: Engine;
  /** The worst first. */
  readonly found: readonly Finding['rule'][];
  readonly history: readonly Tried[];
}

function consider(remedy: Remedy, input: Considered): Outcome {
  const { flag, kind, reference, risk } = remedy;
  const { finding, config, history } = input;
  const restart = restarts(input.engine, flag);
  const skipped = (reason: string): Outcome => ({ kind: 'skipped', flag, because: finding.rule, reason });
  const forbidden = forbids(remedy, input);
  if (forbidden !== undefined) return skipped(forbidden);
  const turn = remedy.turn(input);
  if (turn.kind === 'skip') return skipped(turn.reason);
  const before = history.findLast((tried) => flagName(tried.flag) === flag && tried.to === turn.to);
  if (before?.outcome === 'rolled_back')
    return skipped(`\`${flag} ${String(turn.to)}\` was tried and rolled back in workflow ${before.workflow_id}`);
  const helped = before?.outcome === 'completed';
  const { expected = null } = turn;
  const action = {
    flag,
    from: config.get(flag) ?? null,
    because: [finding.rule],
    basis: basisOf(helped, expected !== null),
    reference: helped ? `workflow ${before.workflow_id}` : reference,
    expected,
    risk,
    restart,
  };
  return kind === 'evaluate' ? { kind, ...action } : { kind, to: turn.to, ...action };
}

function basisOf(helped: boolean, calculated: boolean): Action['basis'] {
  if (helped) return 'history';
  return calculated ? 'arithmetic' : 'documented';
}

/** What the catalogue does not know is taken to need one. */
function restarts(engine: Engine, flag: string): boolean {
  return findFlag(engine, flag)?.restart ?? true;
}

function forbids({ flag, kind, worsens = [], trades = [] }: Remedy, input: Considered): string | undefined {
  const { constraints, config, engine, found, finding } = input;
  if (constraints.forbid_flags.some((name) => config.canonical(name) === flag)) return '`forbid_flags` names it';
  if (kind === 'set' && !constraints.allow_restart && restarts(engine, flag))
    return '`allow_restart` is false, and engines read flags at start only';
  const worsened = found.find((rule) => worsens.includes(rule));
  if (worsened !== undefined) return `${worsened} is found too, and this would make it worse`;
  const worse = found.slice(0, found.indexOf(finding.rule)).find((rule) => trades.includes(rule));
  return worse === undefined ? undefined : `${worse} is the worse trouble, and this would add to it`;
}

/** The plan as it grows: the same change for two findings is one action, and a flag is not turned two ways. */
class Draft {
  readonly #actions: Action[] = [];
  readonly #skipped: Skipped[] = [];
  readonly #history: readonly Tried[];

  constructor(history: readonly Tried[]) {
    this.#history = history;
  }

  add(outcome: Outcome): void {
    if (outcome.kind === 'skipped') {
      const { flag, because, reason } = outcome;
      this.#skipped.push({ flag, because, reason });
      return;
    }
    const at = this.#actions.findIndex(({ flag }) => flag === outcome.flag);
    const planned = this.#actions[at];
    if (planned === undefined) this.#actions.push(outcome);
    else if (targetOf(planned) === targetOf(outcome))
      this.#actions[at] = { ...planned, because: [...new Set([...planned.because, ...outcome.because])] };
    else for (const because of outcome.because) this.#refuse(outcome, because, planned);
  }

  plan(engine: Engine): Plan {
    const settings = this.#actions.filter((action) => action.kind === 'set');
    // Tried last time and nothing could be told: something else first, if there is anything.
    const first = settings.find((action) => !this.#wasInconclusive(action)) ?? settings[0];
    const changes = first === undefined ? [] : [{ flag: first.flag, from: first.from, to: first.to }];
    return {
      engine,
      actions: this.#actions,
      skipped: this.#skipped,
      changes,
      restart: first?.restart ?? false,
    };
  }

  #refuse({ flag }: Action, because: Finding['rule'], planned: Action): void {
    const reason = `\`${flag}\` is to be ${String(targetOf(planned))} for ${planned.because.join(', ')}`;
    this.#skipped.push({ flag, because, reason });
  }

  #wasInconclusive(action: Action): boolean {
    const before = this.#history.findLast(({ flag }) => flagName(flag) === action.flag);
    return before?.outcome === 'inconclusive' && before.to === targetOf(action);
  }
}

function targetOf(action: Action): FlagValue {
  return action.kind === 'evaluate' ? null : action.to;
}
