/** What can be asked of workflows from outside. */
import type { Clock } from '../../domain/clock.ts';
import { ProblemError } from '../../domain/problem.ts';
import type { Scope } from '../../domain/api-keys.ts';
import { skippedBy } from '../../domain/workflows/approval.ts';
import { decide, isRepeated } from '../../domain/workflows/decisions.ts';
import type {
  Decision,
  Workflow,
  WorkflowEvent,
  WorkflowMode,
  WorkflowSettings,
  WorkflowSummary,
} from '../../domain/workflows/workflow.ts';
import { workflowIdPattern, WorkflowIds } from '../../domain/workflows/workflow-id.ts';
import type { WorkflowFilter, RequestKey, WorkflowStore } from '../../store/workflows.ts';
import type { WorkflowFeed } from './feed.ts';

interface NewWorkflow {
  readonly instanceId: string;
  readonly mode: WorkflowMode;
  readonly settings: WorkflowSettings;
  /** The name of the key that asks. */
  readonly by: string;
  /** What that key may. */
  readonly scopes: ReadonlySet<Scope>;
  /** Asking twice with the same makes one workflow. */
  readonly request?: RequestKey | undefined;
}

interface WorkflowsParts {
  readonly store: WorkflowStore;
  readonly clock: Clock;
  readonly feed: WorkflowFeed;
  /** Told that there may be something to run. */
  readonly nudge: () => void;
  readonly queueLimit: number;
}

/** Somebody else changed the workflow between our read and our write this many times in a row. */
const changeAttempts = 5;

const outdated = ({ status }: Workflow) =>
  `the workflow has gone on since the page was read, and is \`${status}\` now: read it again before you decide`;

export class Workflows {
  readonly #parts: WorkflowsParts;
  readonly #ids = new WorkflowIds();
  /** An estimate: exact at each count, and counted up in between. */
  #queued = 0;

  constructor(parts: WorkflowsParts) {
    this.#parts = parts;
  }

  /** Ids go on after those of the agent that was here before, also when the clock has gone back meanwhile. */
  async goOn(): Promise<void> {
    const [newest] = await this.#parts.store.list({}, 1);
    if (newest !== undefined) this.#ids.follow(newest.id);
  }

  /** Resolves when the workflow is durable. @throws {@link ProblemError} `forbidden`, `queue-full`, `idempotency-key-reused` */
  async create({ instanceId, mode, settings, by, scopes, request }: NewWorkflow): Promise<Workflow> {
    const { clock, store, queueLimit } = this.#parts;
    const skipped = skippedBy({ mode, settings }, { by, scopes });
    if (this.#queued >= queueLimit) return this.#repeatedOrFull(request);
    const nowMs = clock.nowMs();
    const workflow: Workflow = {
      id: this.#ids.next(nowMs),
      instanceId,
      status: 'queued',
      mode,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      settings,
      progress: { created_by: by, ...skipped },
      version: 1,
    };
    if (request === undefined) await store.insert(workflow);
    else if (!(await store.insertOnce(workflow, request)))
      return sameRequest(await store.findByRequest(request.key), request);
    this.#queued++;
    this.#parts.nudge();
    return workflow;
  }

  /** Up to `limit` workflows, newest first. */
  list(filter: WorkflowFilter, limit: number): Promise<WorkflowSummary[]> {
    return this.#parts.store.list(filter, limit);
  }

  /** @throws {@link ProblemError} `not-found` */
  async get(id: string): Promise<Workflow> {
    // Only what can be an id is looked for: PostgreSQL refuses some texts, and no other text is the id of anything.
    const workflow = workflowIdPattern.test(id) ? await this.#parts.store.find(id) : undefined;
    if (workflow === undefined) throw new ProblemError('not-found', `there is no workflow \`${id}\``);
    return workflow;
  }

  /** What happened after the event `afterSeq`; the first event is the workflow's own making. */
  async events(workflow: Workflow, afterSeq: number, limit: number): Promise<WorkflowEvent[]> {
    const made: WorkflowEvent = { seq: 1, atMs: workflow.createdAtMs, status: 'queued' };
    const later = await this.#parts.store.events(workflow.id, Math.max(1, afterSeq), limit);
    return afterSeq < 1 ? [made, ...later] : later;
  }

  /** Tells of each change made in this process. @returns how to stop listening. */
  follow(id: string, listener: (workflow: Workflow) => void): () => void {
    return this.#parts.feed.follow(id, listener);
  }

  /**
   * Approves, rejects or cancels. A decision that was taken with the same idempotency key is answered again.
   *
   * @param seen The version that the decision is about; any when it is left out. Who looks at an old page decides nothing else.
   * @throws {@link ProblemError} `not-found`, `conflict`
   */
  async decide(
    id: string,
    verdict: Decision['verdict'],
    who: Omit<Decision, 'verdict' | 'at'>,
    seen?: number,
  ): Promise<Workflow> {
    const { clock, store, feed, nudge } = this.#parts;
    for (let attempt = 0; attempt < changeAttempts; attempt++) {
      const workflow = await this.get(id);
      const atMs = Math.max(clock.nowMs(), workflow.updatedAtMs); // no event is dated before the one before it
      const decision: Decision = { ...who, verdict, at: new Date(atMs).toISOString() };
      if (isRepeated(workflow, decision)) return workflow;
      if (seen !== undefined && seen !== workflow.version) throw new ProblemError('conflict', outdated(workflow));
      const changed = await store.change(workflow, { ...decide(workflow, decision), atMs });
      if (changed === undefined) continue; // somebody was faster: look again
      feed.publish(changed);
      nudge();
      return changed;
    }
    throw new ProblemError('conflict', 'the workflow is being changed by others; ask again');
  }

  /** Counts what is queued, for the limit, and all states, for who asks. */
  async count() {
    const counts = await this.#parts.store.countByStatus();
    this.#queued = counts.get('queued') ?? 0;
    return counts;
  }

  /** A full queue takes nothing new, and answers what it has taken before. */
  async #repeatedOrFull(request: RequestKey | undefined): Promise<Workflow> {
    const before = request && (await this.#parts.store.findByRequest(request.key));
    if (before !== undefined) return sameRequest(before, request);
    throw new ProblemError('queue-full', `${this.#parts.queueLimit} workflows are queued already`);
  }
}

type Before = Awaited<ReturnType<WorkflowStore['findByRequest']>>;

function sameRequest(before: Before, request: RequestKey | undefined): Workflow {
  if (before === undefined || before.hash !== request?.hash)
    throw new ProblemError('idempotency-key-reused', 'this idempotency key was used before for another request');
  return before.workflow;
}
