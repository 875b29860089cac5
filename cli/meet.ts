/** `playload meet`: a meeting server as a process, for shards on machines that share no folder. */
import { setTimeout } from 'node:timers/promises';
import { durationMsOf, durationProblem } from '../load/measure/units.ts';
import { MeetingServer } from '../load/session/meeting/meeting-server.ts';
import { sharedRunId, unknownRunId } from '../load/session/segment.ts';
import { takeValues, wholeNumber } from './option-values.ts';
import { stopSignal } from './stop-signal.ts';
import { UsageError } from './usage-error.ts';

const mostShards = 1_000;
const defaults = { port: '8070', timeout: '30m' };

export const meetHelp = `Usage: npx playload meet --shards <n> [options]

Serves a place where shards wait for each other: each has LOAD_MEET=http://<this machine>:<port>. Who asks for another
number of shards, or belongs to another run, is refused.

  --shards <n>       how many shards there are
  --port <port>      default ${defaults.port}; 0 takes a free one
  --host <address>   default: every address of this machine
  --run <id>         the only run that may meet here; default LOAD_RUN_ID or what the CI system calls the run, else any
  --timeout <time>   ends once so long nobody has waited; default ${defaults.timeout}
`;

const spellings = [['--shards'], ['--port'], ['--host'], ['--run'], ['--timeout']] as const;

/** Ends with 0 by itself, once nobody has waited for long, and with 130 or 143 by a signal. */
export async function meet(args: readonly string[]): Promise<number> {
  const taken = takeValues(args, spellings);
  if (taken.rest[0] !== undefined) throw new UsageError(`\`${taken.rest[0]}\` is no option of \`playload meet\``);
  const { values } = taken;
  const shards = wholeNumber(taken, '--shards', { least: 1, most: mostShards, example: 4 });
  const withPort = { ...taken, values: new Map([['--port', defaults.port], ...values]) };
  const port = wholeNumber(withPort, '--port', { least: 0, most: 65_535, example: 8070 });
  const idleMs = idleMsOf(values.get('--timeout') ?? defaults.timeout);
  const [host, runId] = [values.get('--host'), values.get('--run') ?? knownRunId()];
  const stop = stopSignal();
  const server = await MeetingServer.start({
    shards,
    port,
    onLine: log,
    ...(host !== undefined && { host }),
    ...(runId !== undefined && { runId }),
  });
  try {
    log(`${shards} shards meet at port ${server.port}${runId === undefined ? '' : `, of run ${runId}`}`);
    await idle(server, idleMs, stop.signal);
    return stop.exitCode() ?? 0;
  } finally {
    stop.forget();
    await server.close();
  }
}

function idleMsOf(text: string): number {
  const ms = durationMsOf(text);
  if (ms === undefined || ms <= 0) throw new UsageError(durationProblem('--timeout', text));
  return ms;
}

/** Undefined where nobody says what the run is called. */
function knownRunId(): string | undefined {
  const id = sharedRunId(process.env);
  return id === unknownRunId ? undefined : id;
}

const lookEveryMs = 250;

async function idle(server: MeetingServer, idleMs: number, signal: AbortSignal): Promise<void> {
  let lastBusyMs = performance.now();
  while (!signal.aborted && performance.now() - lastBusyMs < idleMs) {
    await setTimeout(lookEveryMs, undefined, { signal }).catch(() => undefined); // it was told to stop
    if (server.waiting > 0) lastBusyMs = performance.now();
  }
}

function log(line: string): void {
  process.stdout.write(`${line}\n`);
}
