/**
 * Moves workflows along: takes up what nobody runs, does one step after the other, and writes each before the next. What
 * a killed agent held is taken up when its lease runs out, at the step it was at.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../domain/clock.ts';
import { isRunning, mayFollow } from '../../domain/workflows/states.ts';
import { unwatched, type Move, type Workflow, type WorkflowProgress } from '../../domain/workflows/workflow.ts';
import type { LeaseStore } from '../../store/leases.ts';
import type { WorkflowStore } from '../../store/workflows.ts';
import { RolloutError } from './actuator.ts';
import type { WorkflowFeed } from './feed.ts';

interface RunnerParts {
  readonly store: WorkflowStore;
  readonly leases: LeaseStore;
  readonly feed: WorkflowFeed;
  readonly clock: Clock;
  readonly log: Logger;
  /** Does the step that is due; stops early when the signal is aborted. What can't be undone asks `stillOurs` first. */
  readonly step: (workflow: Workflow, signal: AbortSignal, stillOurs: StillOurs) => Promise<Move>;
  /** Differs for each process: a restarted agent is another owner. */
  readonly owner: string;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly nudgeMs?: number;
}

/**
 * Resolves when nobody else has the workflow by now. An agent that was frozen for longer than a lease would otherwise go on
 * in the middle of a step that another one has done long ago. @throws when it is lost, or nobody can tell
 */
export type StillOurs = () => Promise<void>;

/** A nudge is answered after this time, so that a storm of them costs one look. */
const defaultNudgeMs = 50;

interface Held {
  readonly signal: AbortSignal;
  readonly stillOurs: StillOurs;
}

export class Runner {
  readonly #parts: RunnerParts;
  readonly #nudgeMs: number;
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #nudged = false;
  #isLooking = false;
  /** Between start and stop. */
  #isOn = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#nudgeMs = parts.nudgeMs ?? defaultNudgeMs;
  }

  start(): void {
    this.#isOn = true;
    this.#plan(0);
  }

  /** There may be something to do: look soon instead of at the next poll. */
  nudge(): void {
    if (this.#nudged || !this.#isOn) return;
    this.#nudged = true;
    if (this.#isLooking) return; // what follows the look is soon enough, and one plan at a time
    clearTimeout(this.#timer);
    this.#plan(this.#nudgeMs);
  }

  /** Interrupts what runs, between two writes, and gives it back for the next agent. */
  async stop(): Promise<void> {
    this.#isOn = false;
    clearTimeout(this.#timer);
    await this.#looking;
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(new Error('the agent is stopping'));
    await Promise.all(running.map(({ done }) => done));
    await this.#parts.leases.release(this.#parts.owner);
  }

  #plan(ms: number): void {
    if (!this.#isOn) return;
    this.#timer = setTimeout(() => {
      this.#nudged = false;
      this.#isLooking = true;
      this.#looking = this.#look().then(() => {
        this.#isLooking = false;
        this.#plan(this.#nudged ? this.#nudgeMs : this.#parts.pollMs);
      });
    }, ms);
  }

  async #look(): Promise<void> {
    const { leases, concurrency, log } = this.#parts;
    const room = concurrency - this.#running.size;
    if (room <= 0) return;
    try {
      for (const workflow of await leases.claim(this.#lease(), room, this.#running)) this.#begin(workflow);
    } catch (error) {
      log.error({ err: error }, 'looking for workflows failed');
    }
  }

  #lease() {
    const nowMs = this.#parts.clock.nowMs();
    return { owner: this.#parts.owner, nowMs, untilMs: nowMs + this.#parts.leaseMs };
  }

  /**
   * A clock that was set forward lets our own leases look as if they had run out: what we run, we run once. A run that was
   * interrupted, by a decision say, comes to its end first.
   */
  #begin(workflow: Workflow): void {
    const before = this.#running.get(workflow.id);
    if (before !== undefined && !before.stop.signal.aborted) return;
    const stop = new AbortController();
    const done = (before?.done ?? Promise.resolve()).then(() => this.#run(workflow, stop));
    const run = { stop, done };
    this.#running.set(workflow.id, run);
    void done.finally(() => {
      if (this.#running.get(workflow.id) === run) this.#running.delete(workflow.id);
    });
  }

  /** Never rejects: a workflow that can't go on is failed, and a database that is gone leaves the lease to run out. */
  async #run(claimed: Workflow, stop: AbortController): Promise<void> {
    const { leases, feed, log } = this.#parts;
    let workflow = claimed;
    const lost = () => stop.abort(new Error('the workflow was changed by somebody else'));
    const unfollow = feed.follow(workflow.id, (changed) => {
      if (changed.version > workflow.version) lost();
    });
    const renewal = setInterval(() => {
      const renewed = leases.renew(workflow, this.#lease());
      // A renewal that meets our own write of the next version is not a loss.
      const { version } = workflow;
      void renewed.then((ours) => {
        if (!ours && version === workflow.version) lost();
      }, lost);
    }, this.#parts.leaseMs / 3);
    try {
      do {
        const step = workflow;
        const stillOurs = async () => {
          if (await leases.renew(step, this.#lease())) return;
          lost();
          throw stop.signal.reason;
        };
        const changed = await this.#advance(workflow, { signal: stop.signal, stillOurs });
        if (changed === undefined) return;
        workflow = changed;
        feed.publish(changed);
      } while (isRunning(workflow.status) && !stop.signal.aborted);
    } catch (error) {
      log.error({ err: error, workflow: claimed.id }, 'running a workflow failed');
    } finally {
      clearInterval(renewal);
      unfollow();
      this.nudge(); // its instance may be free now
    }
  }

  /** One step and its write. `undefined`: interrupted, or somebody else has the workflow now. */
  async #advance(workflow: Workflow, { signal, stillOurs }: Held): Promise<Workflow | undefined> {
    const { store, clock, log } = this.#parts;
    const step = await this.#parts.step(workflow, signal, stillOurs).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: error, workflow: workflow.id, status: workflow.status }, 'a step failed');
      return failed(workflow, error);
    });
    if (signal.aborted) return undefined;
    if (!mayFollow(workflow.status, step.status)) {
      throw new Error(`a workflow that is ${workflow.status} can't become ${step.status}`);
    }
    return store.change(workflow, {
      ...step,
      atMs: Math.max(clock.nowMs(), workflow.updatedAtMs), // no event is dated before the one before it
      keepLease: isRunning(step.status),
    });
  }
}

/**
 * A step that can't be done: what may have been applied is taken back; where nothing was, the workflow ends here. A
 * rollback that fails ends it too, with both reasons: somebody has to look.
 */
function failed({ status, progress }: Workflow, error: unknown): Move {
  const why = `${status}: ${error instanceof Error ? error.message : String(error)}`;
  const before = status === 'rolling_back' && progress.reason !== undefined ? `; before that ${progress.reason}` : '';
  const next: WorkflowProgress = { ...unwatched(progress), reason: why + before };
  const refused = error instanceof RolloutError && !error.retriable;
  const untouched = status === 'applying' && refused && (progress.applied ?? []).length === 0;
  const takeBack = (status === 'applying' || status === 'observing') && !untouched;
  return { status: takeBack ? 'rolling_back' : 'failed', progress: next };
}
