/** Puts the parts together: database, domain, routes, port. Whatever was started is stopped in the opposite order. */
import type { Logger } from 'pino';
import { systemClock } from './agent/clock.ts';
import { WorkPool } from './agent/collection/work-pool.ts';
import { EventLoopMonitor } from './agent/event-loop.ts';
import { Health } from './agent/health.ts';
import { Telemetry } from './agent/telemetry.ts';
import { WorkflowFeed } from './agent/workflows/feed.ts';
import { Workflows } from './agent/workflows/workflows.ts';
import { createApp } from './app.ts';
import type { Environment } from './environment.ts';
import { listen } from './listen.ts';
import { openDatabase } from './store/open.ts';
import { WorkflowStore } from './store/workflows.ts';

export interface RunningAgent {
  readonly port: number;
  /** Finishes the requests that have begun, within the drain timeout, and closes the database. */
  readonly stop: () => Promise<void>;
}

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
  const clock = systemClock;
  const database = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
  closers.push(() => database.close());
  const loop = new EventLoopMonitor();
  closers.push(() => loop.stop());
  let port = environment.PORT;
  const health = new Health({
    clock,
    loop,
    agentId: environment.AGENT_ID,
    environment: environment.ENVIRONMENT,
    logLevel: environment.LOG_LEVEL,
    port: () => port,
    pingDatabase: database.ping,
  });
  const workflows = new Workflows({
    store: new WorkflowStore(database.db),
    clock,
    feed: new WorkflowFeed(),
    nudge: () => undefined,
    queueLimit: environment.WORKFLOWS_QUEUED,
  });
  const telemetry = new Telemetry();
  const pool = new WorkPool({ running: environment.SCRAPES_RUNNING, waiting: environment.SCRAPES_WAITING });
  telemetry.watch({ loop, pool, countWorkflows: () => workflows.count() });
  const app = createApp({
    health,
    workflows,
    log,
    loop,
    telemetry,
    keys: environment.API_KEYS,
    rateLimitPerS: environment.RATE_LIMIT_PER_S,
    shedDelayMs: environment.SHED_DELAY_MS,
    logEvery: environment.LOG_REQUESTS_EVERY,
  });
  const listening = await listen(app.fetch, { host: environment.HOST, port });
  port = listening.port;
  closers.push(() => listening.drain(environment.DRAIN_TIMEOUT_MS));
  closers.push(() => health.stop());
  return port;
}
