/** Makes the parts of the agent and gives each what it needs. Nothing is started here. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from './domain/clock.ts';
import { Collector } from './jobs/collection/collector.ts';
import { Instances } from './jobs/collection/instances.ts';
import { ScrapeScheduler } from './jobs/collection/scheduler.ts';
import { WorkPool } from './jobs/collection/work-pool.ts';
import { Diagnosis } from './jobs/diagnosis.ts';
import { EventLoopMonitor } from './jobs/event-loop.ts';
import { Health } from './jobs/health.ts';
import { HistoryLines } from './jobs/history-lines.ts';
import { HistoryPages } from './jobs/history-pages.ts';
import { Retention } from './jobs/retention.ts';
import { Telemetry } from './jobs/telemetry.ts';
import { WriteWatch } from './jobs/write-watch.ts';
import { dryRun, fenced, noWebhook, webhook, type Actuator } from './jobs/workflows/actuator.ts';
import { WorkflowFeed } from './jobs/workflows/feed.ts';
import { paceOf } from './jobs/workflows/pace.ts';
import { QueueWatch } from './jobs/workflows/queue-watch.ts';
import { Runner } from './jobs/workflows/runner.ts';
import { doStep, type StepTools } from './jobs/workflows/steps.ts';
import { WindowMeter } from './jobs/workflows/window-meter.ts';
import { Workflows } from './jobs/workflows/workflows.ts';
import type { AppParts } from './app.ts';
import type { Environment } from './environment.ts';
import { OwnHosts } from './routes/own-hosts.ts';
import { InstanceStore } from './store/instances.ts';
import { LeaseStore } from './store/leases.ts';
import type { OpenedDatabase } from './store/open.ts';
import { RetentionStore } from './store/retention.ts';
import { SnapshotStore } from './store/snapshots.ts';
import { WorkflowStore } from './store/workflows.ts';

export interface Ground {
  readonly environment: Environment;
  readonly log: Logger;
  readonly database: OpenedDatabase;
}

/** Something that works by itself between start and stop. */
export interface Job {
  readonly start: () => void;
  readonly stop: () => void | Promise<void>;
}

export interface Assembled {
  readonly app: AppParts;
  readonly jobs: readonly Job[];
  /** To be aborted when the agent stops, so that event streams end. */
  readonly closing: AbortController;
}

const clock: Clock = { nowMs: () => Date.now() };
const hourMs = 3_600_000;

export function assemble(ground: Ground): Assembled {
  const { environment, log, database } = ground;
  const loop = new EventLoopMonitor();
  const telemetry = new Telemetry();
  const stores = {
    instances: new InstanceStore(database.db),
    snapshots: new SnapshotStore(database.db),
    workflows: new WorkflowStore(database.db),
  };
  const { METRICS_HOSTS: allowed, SCRAPE_TIMEOUT_MS: timeoutMs } = environment;
  const pool = new WorkPool({ running: environment.SCRAPES_RUNNING, waiting: environment.SCRAPES_WAITING });
  const { onScrape } = telemetry;
  const collector = new Collector({ allowed, pool, clock, snapshots: stores.snapshots, onScrape });
  const lines = new HistoryLines({ snapshots: stores.snapshots, clock });
  const diagnosis = new Diagnosis({ ...stores, lines, collector, clock, scrapeTimeoutMs: timeoutMs });
  const feed = new WorkflowFeed();
  const nudge = () => runner.nudge();
  const instances = new Instances({ store: stores.instances, collector, allowed, clock, nudge });
  const runner = runnerOf(ground, { stores, instances, collector, diagnosis, feed });
  const queueLimit = environment.WORKFLOWS_QUEUED;
  const workflows = new Workflows({ store: stores.workflows, clock, feed, nudge, queueLimit });
  const writes = new WriteWatch({ tryWrite: database.tryWrite, clock });
  telemetry.watch({
    ...{ loop, pool },
    countWorkflows: () => workflows.count(),
    oldestWorkflows: () => stores.workflows.oldestActive(),
    isWritable: () => writes.isWritable(),
  });
  const closing = new AbortController();
  const intervalMs = environment.SCRAPE_INTERVAL_MS;
  const jobs = [
    new ScrapeScheduler({ instances: stores.instances, collector, log, intervalMs, timeoutMs }),
    runner,
    retentionOf(ground),
    new QueueWatch(workflows, log),
  ];
  const health = healthOf(ground, { loop, writes });
  const app: AppParts = {
    ...{ health, instances, collector, diagnosis, workflows, loop, telemetry, log },
    snapshots: stores.snapshots,
    history: new HistoryPages(stores.snapshots),
    defaultTimeoutMs: timeoutMs,
    closing: closing.signal,
    keys: environment.API_KEYS,
    openScopes: environment.OPEN_SCOPES,
    hosts: new OwnHosts({ own: [environment.HOST, environment.ADVERTISED_HOST], more: environment.HOSTS }),
    streamsPerKey: environment.EVENT_STREAMS_PER_KEY,
    rateLimitPerS: environment.RATE_LIMIT_PER_S,
    shedDelayMs: environment.SHED_DELAY_MS,
    logEvery: environment.LOG_REQUESTS_EVERY,
  };
  return { app, jobs, closing };
}

interface HealthNeeds {
  readonly loop: EventLoopMonitor;
  readonly writes: WriteWatch;
}

function healthOf({ environment, database }: Ground, { loop, writes }: HealthNeeds): Health {
  return new Health({
    clock,
    loop,
    agentId: environment.AGENT_ID,
    environment: environment.ENVIRONMENT,
    logLevel: environment.LOG_LEVEL,
    pingDatabase: database.ping,
    writeDatabase: () => writes.ask(),
  });
}

function retentionOf({ environment, database, log }: Ground): Retention {
  return new Retention({
    store: new RetentionStore(database.db),
    clock,
    log,
    snapshotsMs: environment.SNAPSHOT_RETENTION_H * hourMs,
    workflowsMs: environment.WORKFLOW_RETENTION_H * hourMs,
  });
}

interface RunnerNeeds {
  readonly stores: { readonly workflows: WorkflowStore };
  readonly instances: Instances;
  readonly collector: Collector;
  readonly diagnosis: Diagnosis;
  readonly feed: WorkflowFeed;
}

function runnerOf({ environment, log, database }: Ground, needs: RunnerNeeds): Runner {
  const { stores, instances, collector, diagnosis, feed } = needs;
  const pace = paceOf(environment.CLOCK_FACTOR);
  const meter = new WindowMeter({ collector, pace, timeoutMs: environment.SCRAPE_TIMEOUT_MS });
  const told = webhookOf(environment);
  const tools: Omit<StepTools, 'actuators'> = {
    instance: (id) => instances.get(id),
    ...{ meter, clock, pace },
    lastChange: async (id) => (await stores.workflows.changed(id, 1))[0],
    diagnose: (subject) => diagnosis.diagnose(subject),
  };
  return new Runner({
    ...{ feed, clock, log },
    store: stores.workflows,
    leases: new LeaseStore(database.db),
    step: (workflow, signal, stillOurs) => doStep({ ...tools, actuators: { dry_run: dryRun, webhook: fenced(told, stillOurs) } }, workflow, signal), // prettier-ignore
    owner: `${environment.AGENT_ID}/${randomUUID()}`,
    concurrency: environment.WORKFLOWS_RUNNING,
    leaseMs: environment.WORKFLOW_LEASE_MS,
    pollMs: environment.WORKFLOW_POLL_MS,
  });
}

function webhookOf({ WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_TIMEOUT_MS: timeoutMs }: Environment): Actuator {
  return url === undefined || secret === undefined ? noWebhook : webhook({ url, secret, timeoutMs, clock });
}
