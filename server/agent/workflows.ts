/** What can be asked of workflows from outside. */
import type { WorkflowFilter, WorkflowStore } from '../store/workflows.ts';
import type { Clock } from './clock.ts';
import { WorkflowIds } from './workflow-id.ts';
import { isFinal, type Workflow, type WorkflowMode, type WorkflowSettings, type WorkflowSummary } from './workflow.ts';

/** There is no workflow of this id. */
export class UnknownWorkflowError extends Error {
  override readonly name = 'UnknownWorkflowError';

  constructor(id: string) {
    super(`there is no workflow \`${id}\``);
  }
}

/** The workflow is not in a state that allows what was asked. */
export class WorkflowStateError extends Error {
  override readonly name = 'WorkflowStateError';
}

export interface NewWorkflow {
  readonly instanceId: string;
  readonly mode: WorkflowMode;
  readonly settings: WorkflowSettings;
}

/** Somebody else changed the workflow between our read and our write this many times in a row. */
const changeAttempts = 5;

export class Workflows {
  readonly #store: WorkflowStore;
  readonly #clock: Clock;
  readonly #ids = new WorkflowIds();

  constructor(store: WorkflowStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Resolves when the workflow is durable. */
  async create({ instanceId, mode, settings }: NewWorkflow): Promise<Workflow> {
    const nowMs = this.#clock.nowMs();
    const workflow: Workflow = {
      id: this.#ids.next(nowMs),
      instanceId,
      status: 'queued',
      mode,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      settings,
      progress: {},
      version: 1,
    };
    await this.#store.insert(workflow);
    return workflow;
  }

  /** Up to `limit` workflows, newest first. */
  list(filter: WorkflowFilter, limit: number): Promise<WorkflowSummary[]> {
    return this.#store.list(filter, limit);
  }

  /** @throws {@link UnknownWorkflowError} */
  async get(id: string): Promise<Workflow> {
    const workflow = await this.#store.find(id);
    if (workflow === undefined) throw new UnknownWorkflowError(id);
    return workflow;
  }

  /**
   * Stops a workflow; what is over stays as it is.
   *
   * @throws {@link UnknownWorkflowError}, {@link WorkflowStateError}
   */
  async cancel(id: string): Promise<Workflow> {
    for (let attempt = 0; attempt < changeAttempts; attempt++) {
      const workflow = await this.get(id);
      if (isFinal(workflow.status)) throw new WorkflowStateError(`the workflow is already \`${workflow.status}\``);
      const changed = await this.#store.change(workflow, {
        status: 'cancelled',
        progress: workflow.progress,
        atMs: this.#clock.nowMs(),
      });
      if (changed !== undefined) return changed;
    }
    throw new WorkflowStateError('the workflow is being changed by others; ask again');
  }
}
