/**
 * An agent of which a test plays everything around it: it does a step only when told to, its engine and its deployer answer
 * in this process, time passes only where it is waited for, and it can be stopped and opened again on the same data.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createApp } from '../app.ts';
import { assemble } from '../assemble.ts';
import type { Analysis } from '../domain/analysis/analyse.ts';
import { readScrape, type Scrape } from '../domain/engines/scrape.ts';
import type { Plan } from '../domain/optimization/plan.ts';
import { isRunning, waitingStatuses, type WorkflowStatus } from '../domain/workflows/states.ts';
import { readEnvironment } from '../environment.ts';
import { RolloutError, type Rollout } from '../jobs/workflows/actuator.ts';
import { WorkflowFeed } from '../jobs/workflows/feed.ts';
import { Runner } from '../jobs/workflows/runner.ts';
import { doStep, type StepTools } from '../jobs/workflows/steps.ts';
import { WindowMeter } from '../jobs/workflows/window-meter.ts';
import { Workflows } from '../jobs/workflows/workflows.ts';
import { LeaseStore } from '../store/leases.ts';
import { openDatabase } from '../store/open.ts';
import { WorkflowStore } from '../store/workflows.ts';
import { FakeTime } from './workflows.ts';

/** How the engine takes a rollout, and how it does otherwise. */
export const engineMoods = ['restarts', 'stays', 'dies', 'crashes', 'errs', 'idles'] as const;
type EngineMood = (typeof engineMoods)[number];
/** `deaf`: carries it out, and its answer is lost. */
export const deployerMoods = ['obeys', 'refuses', 'deaf'] as const;
type DeployerMood = (typeof deployerMoods)[number];

const analysis = { findings: [], not_evaluated: [] } as unknown as Analysis;
/** A step that is due is taken up and done in no time, unless the runner has lost it. */
const upToMs = 20_000;

/** What goes on when the agent does not: the engine, the deployer, time. */
class Surroundings {
  readonly time = new FakeTime();
  /** Each message, in order; the same one may come again. */
  readonly rollouts: Rollout[] = [];
  engine: EngineMood = 'restarts';
  deployer: DeployerMood = 'obeys';
  #plans = 0;
  #process = 0;
  #bornMs = 0;
  readonly #carriedOut = new Set<string>();

  scrape(): Scrape {
    const { time } = this;
    if (this.engine === 'dies' && this.#process > 0) throw new Error('connection refused');
    if (this.engine === 'crashes' && time.passedMs - this.#bornMs > 20_000) this.#restart();
    const done = this.engine === 'idles' ? 0 : Math.floor(time.passedMs - this.#bornMs) / 100;
    const failed = this.engine === 'errs' && this.#process > 0 ? done : 0;
    const finished = (reason: string, count: number) =>
      `vllm:request_success_total{finished_reason="${reason}"} ${count}\n`;
    const page = `process_start_time_seconds ${this.#process + 1}\n${finished('stop', done)}${finished('error', failed)}`;
    return readScrape(page, time.clock.nowMs());
  }

  /** Each plan is another one, so that what is carried out can be told from what was not approved. */
  plan(): Plan {
    const changes = [{ flag: '--max-num-seqs', from: 256, to: 256 + ++this.#plans }];
    return { engine: 'vllm', actions: [], skipped: [], changes, restart: this.#plans % 4 !== 0 };
  }

  carryOut(rollout: Rollout): Promise<void> {
    this.rollouts.push(rollout);
    if (this.deployer === 'refuses') return Promise.reject(new RolloutError('the webhook answered 403', false));
    if (!this.#carriedOut.has(rollout.idempotency_key) && this.engine !== 'stays') this.#restart();
    this.#carriedOut.add(rollout.idempotency_key);
    return this.deployer === 'deaf' ? Promise.reject(new RolloutError('no answer', true)) : Promise.resolve();
  }

  #restart(): void {
    this.#process++;
    this.#bornMs = this.time.passedMs;
  }
}

/** Holds steps before they are done, and after, so that a test can let one through or lose it. */
class Gate {
  readonly #waiting = new Map<string, () => void>();
  isHolding = false;
  #held = false;

  async enter(id: string, signal: AbortSignal): Promise<void> {
    let onAbort: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
      onAbort = resolve;
      signal.addEventListener('abort', onAbort);
    });
    signal.removeEventListener('abort', onAbort);
    this.#waiting.delete(id);
    signal.throwIfAborted();
  }

  /** A step is done and not yet written. */
  async leave(signal: AbortSignal): Promise<void> {
    if (!this.isHolding) return;
    this.#held = true;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.#held = false;
    signal.throwIfAborted();
  }

  get first(): string | undefined {
    return this.#waiting.keys().next().value;
  }

  get holds(): boolean {
    return this.#held;
  }

  release(id: string): void {
    this.#waiting.get(id)?.();
  }
}

type Settings = Readonly<Record<string, string>>;

export class StagedAgent {
  readonly around = new Surroundings();
  readonly #folder: string;
  readonly #settings: Settings;
  #gate = new Gate();
  #open: Awaited<ReturnType<StagedAgent['open']>> | undefined;
  starts = 0;

  private constructor(folder: string, settings: Settings) {
    this.#folder = folder;
    this.#settings = settings;
  }

  static async start(settings: Settings = {}): Promise<StagedAgent> {
    const agent = new StagedAgent(await mkdtemp(join(tmpdir(), 'agent-staged-')), settings);
    agent.#open = await agent.open();
    return agent;
  }

  async open() {
    const environment = readEnvironment({ LOG_LEVEL: 'silent', DATA_DIR: this.#folder, SHED_DELAY_MS: '0', ...this.#settings }); // prettier-ignore
    const database = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
    const log = pino({ level: 'silent' });
    const { app: parts } = assemble({ environment, database, log });
    const { clock } = this.around.time;
    const store = new WorkflowStore(database.db);
    const feed = new WorkflowFeed();
    const gate = (this.#gate = new Gate());
    const tools = this.#tools((id) => parts.instances.get(id));
    const runner = new Runner({
      ...{ store, feed, clock, log },
      leases: new LeaseStore(database.db),
      step: async (workflow, signal) => {
        await gate.enter(workflow.id, signal);
        const move = await doStep(tools, workflow, signal);
        await gate.leave(signal);
        return move;
      },
      ...{ owner: `staged-${++this.starts}`, concurrency: 8, leaseMs: 3_600_000, pollMs: 2, nudgeMs: 1 },
    });
    const workflows = new Workflows({ store, clock, feed, nudge: () => runner.nudge(), queueLimit: 1_000 });
    await workflows.count();
    runner.start();
    return { database, parts, store, feed, runner, app: createApp({ ...parts, workflows }) };
  }

  get app() {
    return this.#opened.app;
  }

  get store(): WorkflowStore {
    return this.#opened.store;
  }

  /** Stops as an agent does that is told to, and is there again. */
  async restart(): Promise<void> {
    await this.#close();
    this.#open = await this.open();
  }

  /** One step of some workflow, written. @returns false when there was none to do. */
  async advance(): Promise<boolean> {
    const id = await this.#nextStep();
    if (id === undefined) return false;
    const { feed } = this.#opened;
    let isWritten = false;
    const unfollow = feed.follow(id, () => (isWritten = true));
    this.#gate.release(id);
    await until('the step is written', () => isWritten).finally(unfollow);
    return true;
  }

  /** One step of some workflow, done and never written: the agent has gone, and another one comes. */
  async loseStep(): Promise<void> {
    const id = await this.#nextStep();
    const gate = this.#gate;
    if (id !== undefined) {
      gate.isHolding = true;
      gate.release(id);
      // A step that throws is written as failed and not held.
      const version = (await this.store.find(id))?.version;
      await until('the step is done', async () => gate.holds || (await this.store.find(id))?.version !== version);
    }
    await this.restart();
  }

  async stop(): Promise<void> {
    await this.#close();
    await rm(this.#folder, { recursive: true });
  }

  get #opened() {
    if (this.#open === undefined) throw new Error('the agent is not open');
    return this.#open;
  }

  async #close(): Promise<void> {
    const { runner, parts, database } = this.#opened;
    await runner.stop();
    parts.loop.stop();
    await database.close();
  }

  /** The workflow whose step is due; waits for the runner to take it up, and insists that it does. */
  async #nextStep(): Promise<string | undefined> {
    const { parts, store } = this.#opened;
    const all = await store.list({}, 1_000);
    const registered = new Set((await parts.instances.list('', 100)).map(({ id }) => id));
    const isActive = (status: WorkflowStatus) => isRunning(status) || waitingStatuses.some((one) => one === status);
    const busy = new Set(all.filter(({ status }) => isActive(status)).map(({ instanceId }) => instanceId));
    const mayStart = (id: string) => registered.has(id) && !busy.has(id);
    const isDue = all.some(
      ({ status, instanceId }) => isRunning(status) || (status === 'queued' && mayStart(instanceId)),
    );
    if (!isDue) return undefined;
    await until('a step is taken up', () => this.#gate.first !== undefined);
    return this.#gate.first;
  }

  #tools(instance: StepTools['instance']): StepTools {
    const { around } = this;
    const { clock, pace } = around.time;
    const collector = { scrape: async () => around.scrape() };
    return {
      instance,
      meter: new WindowMeter({ collector, pace, timeoutMs: 1_000 }),
      lastChange: async () => undefined,
      diagnose: async () => ({ analysis, plan: around.plan() }),
      actuators: {
        webhook: { carryOut: (rollout) => around.carryOut(rollout) },
        dry_run: { carryOut: () => Promise.resolve() },
      },
      ...{ clock, pace },
    };
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + upToMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
