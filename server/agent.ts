/** Starts the agent: database, parts, port. Whatever was started is stopped in the opposite order. */
import type { Logger } from 'pino';
import { agentType } from './domain/identity.ts';
import { Orchestrator } from './jobs/orchestrator.ts';
import { createApp } from './app.ts';
import { assemble, type Job } from './assemble.ts';
import type { Environment } from './environment.ts';
import { listen } from './listen.ts';
import { openDatabase } from './store/open.ts';

interface RunningAgent {
  readonly port: number;
  /** Finishes the requests that have begun, within the drain timeout, and closes the database. */
  readonly stop: () => Promise<void>;
}

/** Undoes what was started. */
type Closer = () => void | Promise<void>;

/** Resolves when the agent answers requests; rejects, with nothing left open, when it can't. */
export async function startAgent(environment: Environment, log: Logger): Promise<RunningAgent> {
  const closers: Closer[] = [];
  const stop = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    return { port: await start({ environment, log, closers }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Ground {
  readonly environment: Environment;
  readonly log: Logger;
  readonly closers: Closer[];
}

async function start({ environment, log, closers }: Ground): Promise<number> {
  const database = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
  closers.push(() => database.close());
  if (database.migrated.length > 0) log.info({ steps: database.migrated }, 'the tables were brought up to date');
  const { app, jobs, closing } = assemble({ environment, log, database });
  closers.push(() => app.loop.stop());
  await app.workflows.goOn();
  const started: Job[] = [];
  closers.push(async () => {
    await Promise.all(started.map(async (job) => job.stop()));
  });
  const listening = await listen(createApp(app).fetch, { host: environment.HOST, port: environment.PORT });
  closers.push(() => listening.drain(environment.DRAIN_TIMEOUT_MS));
  app.health.listens(listening.port);
  // Nothing works by itself before the port is open: a second agent that finds it taken must not have begun anything.
  for (const job of [...jobs, ...orchestratorOf(environment, { log, port: listening.port, health: app.health })]) {
    job.start();
    started.push(job);
  }
  closers.push(() => {
    app.health.stop();
    closing.abort();
  });
  return listening.port;
}

interface Registrant {
  readonly log: Logger;
  readonly port: number;
  readonly health: { watch: (orchestrator: Orchestrator) => void };
}

function orchestratorOf(environment: Environment, { log, port, health }: Registrant): Orchestrator[] {
  const { ORCHESTRATOR_URL: url, AGENT_ID: name, ADVERTISED_HOST: host = environment.HOST } = environment;
  if (url === undefined) return [];
  const orchestrator = new Orchestrator({ url, name, type: agentType, host, port, log });
  health.watch(orchestrator);
  return [orchestrator];
}
