/**
 * What is approved is what is applied. A change without approval needs a key of its own kind, and a change that was
 * approved goes to the instance that it was planned for, or nowhere.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Scope } from '../api-keys.ts';
import type { Instance } from '../instance.ts';
import { KnownConfig } from '../optimization/known-config.ts';
import { ProblemError } from '../problem.ts';
import { plannedFor } from './planned-for.ts';
import type { Workflow, WorkflowMode, WorkflowProgress, WorkflowSettings } from './workflow.ts';

interface Asked {
  readonly mode: WorkflowMode;
  readonly settings: Pick<WorkflowSettings, 'require_approval'>;
}

/** Whether an engine would be changed and nobody asked; a dry run changes nothing. */
const changesUnasked = ({ mode, settings }: Asked) => mode === 'webhook' && !settings.require_approval;

/** Who let the change through when it was asked for; nothing where approval comes later. @throws `forbidden` */
export function skippedBy(
  asked: Asked,
  { by, scopes }: { readonly by: string; readonly scopes: ReadonlySet<Scope> },
): Pick<WorkflowProgress, 'approval_skipped_by'> {
  if (!changesUnasked(asked)) return {};
  if (scopes.has('skip_approval')) return { approval_skipped_by: by };
  throw new ProblemError(
    'forbidden',
    'a change of an engine without approval needs the scope `skip_approval`: leave `require_approval` at true, or use a key that has it (an agent without keys has the scopes of `OPEN_SCOPES`)',
  );
}

/** Also for a workflow that was stored before the scope was there: it asked for no approval, but nobody let it. */
export function awaitsApproval(workflow: Workflow): boolean {
  return (
    workflow.settings.require_approval ||
    (changesUnasked(workflow) && workflow.progress.approval_skipped_by === undefined)
  );
}

/**
 * How the instance differs from what the change was planned for, in words; `undefined` when it may go on. Flags and
 * constraints count until the first stage is out: from then on the change itself is what differs.
 */
export function differsFromPlan({ planned_for: before, changes = [], applied = [] }: WorkflowProgress, now: Instance) {
  if (before === undefined) return undefined; // planned by an agent that did not keep it
  const { engine, metrics_url, registered_at, constraints } = plannedFor(now);
  const known = new KnownConfig(now.engine, now.config);
  const changed = changes.filter(({ flag, from }) => (known.get(flag) ?? null) !== from).map(({ flag }) => flag);
  const differences = [
    registered_at !== before.registered_at && 'it was removed and registered anew',
    engine !== before.engine && `its engine is ${engine} instead of ${before.engine}`,
    metrics_url !== before.metrics_url && 'its metrics are elsewhere',
    applied.length === 0 && !isDeepStrictEqual(constraints, before.constraints) && 'its constraints have changed',
    applied.length === 0 && changed.length > 0 && `it runs with another value of ${changed.join(', ')}`,
  ].filter((difference) => difference !== false);
  return differences.length === 0
    ? undefined
    : `the instance is not what the change was planned for: ${differences.join(', ')}; ask for a new workflow`;
}
