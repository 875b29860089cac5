/** Puts the parts together: database, domain, routes, port. Whatever was started is stopped in the opposite order. */
import type { Logger } from 'pino';
import { systemClock } from './agent/clock.ts';
import { Collector } from './agent/collection/collector.ts';
import { Instances } from './agent/collection/instances.ts';
import { ScrapeScheduler } from './agent/collection/scheduler.ts';
import { WorkPool } from './agent/collection/work-pool.ts';
import { Diagnosis } from './agent/diagnosis.ts';
import { EventLoopMonitor } from './agent/event-loop.ts';
import { Health } from './agent/health.ts';
import { Telemetry } from './agent/telemetry.ts';
import { WorkflowFeed } from './agent/workflows/feed.ts';
import { Workflows } from './agent/workflows/workflows.ts';
import { createApp, type AppParts } from './app.ts';
import type { Environment } from './environment.ts';
import { listen } from './listen.ts';
import { InstanceStore } from './store/instances.ts';
import { openDatabase, type OpenedDatabase } from './store/open.ts';
import { SnapshotStore } from './store/snapshots.ts';
import { WorkflowStore } from './store/workflows.ts';

export interface RunningAgent {
  readonly port: number;
  /** Finishes the requests that have begun, within the drain timeout, and closes the database. */
  readonly stop: () => Promise<void>;
}

/** Undoes what was started; the last one first. */
type Closer = () => void | Promise<void>;

/** Resolves when the agent answers requests; rejects, with nothing left open, when it can't. */
export async function startAgent(environment: Environment, log: Logger): Promise<RunningAgent> {
  const closers: Closer[] = [];
  const stop = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    const port = await start(environment, log, closers);
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(environment: Environment, log: Logger, closers: Closer[]): Promise<number> {
  const database = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
  closers.push(() => database.close());
  const parts = assemble(environment, { log, database, closers });
  const listening = await listen(createApp(parts).fetch, { host: environment.HOST, port: environment.PORT });
  parts.health.listens(listening.port);
  closers.push(() => listening.drain(environment.DRAIN_TIMEOUT_MS));
  closers.push(() => parts.stopListening());
  return listening.port;
}

interface Outside {
  readonly log: Logger;
  readonly database: OpenedDatabase;
  readonly closers: Closer[];
}

function assemble(
  environment: Environment,
  { log, database, closers }: Outside,
): AppParts & { stopListening: () => void } {
  const clock = systemClock;
  const telemetry = new Telemetry();
  const loop = new EventLoopMonitor();
  closers.push(() => loop.stop());
  const health = new Health({
    clock,
    loop,
    agentId: environment.AGENT_ID,
    environment: environment.ENVIRONMENT,
    logLevel: environment.LOG_LEVEL,
    pingDatabase: database.ping,
  });
  const { METRICS_HOSTS: allowed, SCRAPE_TIMEOUT_MS: timeoutMs } = environment;
  const pool = new WorkPool({ running: environment.SCRAPES_RUNNING, waiting: environment.SCRAPES_WAITING });
  const snapshots = new SnapshotStore(database.db);
  const collector = new Collector({ allowed, pool, clock, snapshots, onScrape: telemetry.onScrape });
  const instanceStore = new InstanceStore(database.db);
  const nudge = () => undefined;
  const instances = new Instances({ store: instanceStore, collector, allowed, clock, nudge });
  const scheduler = new ScrapeScheduler({
    instances: instanceStore,
    collector,
    log,
    intervalMs: environment.SCRAPE_INTERVAL_MS,
    timeoutMs,
  });
  scheduler.start();
  closers.push(() => scheduler.stop());
  const workflows = new Workflows({
    store: new WorkflowStore(database.db),
    clock,
    feed: new WorkflowFeed(),
    nudge,
    queueLimit: environment.WORKFLOWS_QUEUED,
  });
  telemetry.watch({ loop, pool, countWorkflows: () => workflows.count() });
  const diagnosis = new Diagnosis({ snapshots, collector, clock, scrapeTimeoutMs: timeoutMs });
  const closing = new AbortController();
  return {
    health,
    instances,
    collector,
    snapshots,
    diagnosis,
    defaultTimeoutMs: timeoutMs,
    workflows,
    closing: closing.signal,
    stopListening: () => {
      health.stop();
      closing.abort();
    },
    log,
    loop,
    telemetry,
    keys: environment.API_KEYS,
    rateLimitPerS: environment.RATE_LIMIT_PER_S,
    shedDelayMs: environment.SHED_DELAY_MS,
    logEvery: environment.LOG_REQUESTS_EVERY,
  };
}
