/** Starts the agent: settings from the environment, one port, and an orderly end on SIGTERM or SIGINT. */
import pino from 'pino';
import { startAgent } from './agent.ts';
import { EnvironmentError, readEnvironment, type Environment } from './environment.ts';

function settings(): Environment | undefined {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`the agent does not start:\n${error.problems.map((line) => `  ${line}\n`).join('')}`);
    return undefined;
  }
}

/** A start that failed for a reason an operator can act on, in one line. */
function explain(error: unknown, { HOST, PORT }: Environment): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: String(error) };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${PORT} of ${HOST} is taken: stop what listens there, or set \`PORT\` to another one (0 picks a free one)`;
    case 'EACCES':
      return `port ${PORT} of ${HOST} may not be opened by this user: set \`PORT\` to 1024 or above`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `\`HOST\` must be an address of this machine, got \`${HOST}\``;
    default:
      return message;
  }
}

/** For what comes after the last answer: giving back workflows, closing the database. */
const afterDrainMs = 5_000;

async function main(): Promise<void> {
  const environment = settings();
  if (environment === undefined) {
    process.exitCode = 2;
    return;
  }
  // Logs go to stderr: stdout has the one line that a supervisor waits for.
  const log = pino({ level: environment.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }));
  const agent = await startAgent(environment, log).catch((error: unknown) => {
    log.debug({ err: error }, 'start failed');
    process.stderr.write(`the agent does not start: ${explain(error, environment)}\n`);
  });
  if (agent === undefined) {
    process.exitCode = 1;
    return;
  }
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    // Whatever hangs, a supervisor gets its answer.
    setTimeout(() => process.exit(1), environment.DRAIN_TIMEOUT_MS + afterDrainMs).unref();
    void agent.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopped badly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`ready pid=${process.pid} port=${agent.port}\n`);
}

await main();
