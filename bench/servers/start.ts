/** Starts a server on its core, uses it, and ends it whatever happens. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd, type Server, startServer } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import { agentProgram, preloaded, rootFolder, script } from '../children/programs.ts';
import type { Setting } from '../experiment.ts';

type WithServer = <Result>(
  setting: Pick<Setting, 'cores'>,
  use: (server: Server) => Promise<Result>,
) => Promise<Result>;

/** The server of a script of ours. */
const withScript =
  (path: string, ...args: string[]): WithServer =>
  async ({ cores }, use) => {
    const server = await startServer({ command: onCore(cores, 'server', script(path, ...args)), cwd: rootFolder });
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  };

/** As `withServer`, of a server that speaks TLS with a certificate of its own making. */
const overTls =
  (withServer: WithServer): WithServer =>
  async (setting, use) =>
    withServer(setting, async (server) => use({ ...server, url: `https://127.0.0.1:${server.port}` }));

export const withFastServer = withScript('bench/servers/fast.ts');
export const withFastTlsServer = overTls(withScript('bench/servers/fast.ts', '--tls'));
export const withFastHttp2Server = overTls(withScript('bench/servers/fast-http2.ts'));

/** Echoes WebSocket messages, and pings by its own clock: `/times` says how long the answers took. */
export const withEchoServer = withScript('bench/servers/echo.ts');

/** Answers so many bytes to every request. */
export const withServerOf = (bytes: number) => withScript('bench/servers/fast.ts', '--bytes', String(bytes));

/** The server whose behaviour is known exactly. */
export const withReferenceServer = withScript('bench/servers/reference.ts');

/** Event streams, with a log of its own times. */
export const withStreamServer = withScript('bench/servers/streams.ts');

/** Servers of known capacity, by their paths. */
export const withCapacityServer = withScript('bench/servers/capacity.ts');

/** No server, but a neighbour: it takes a core for up to two seconds, and gives it back for as long, by turns. */
export const withBurner = withScript('bench/servers/burner.ts');

/** A thousand snapshots are played by a simulated engine first. */
const seedLimitMs = 120_000;

/** Workflows stored before the agent is asked for lists of them. */
export const storedWorkflows = 10_000;

interface AgentOptions {
  /** Stored of each instance that is watched. */
  readonly snapshots?: number;
  /** Instances that are watched, 1 where it is left out. */
  readonly watched?: number;
  /** Workflows that wait for a decision. */
  readonly awaiting?: number;
  /** A PostgreSQL instead of a file. */
  readonly databaseUrl?: string;
  /** Each answer takes longer by this share; absent, the agent runs as it is. */
  readonly slowerBy?: number;
}

/** The agent with a fresh store; it and its store are gone afterwards. */
export async function withAgent<Result>(
  { cores, folder }: Pick<Setting, 'cores' | 'folder'>,
  use: (server: Server) => Promise<Result>,
  { snapshots = 0, watched = 1, awaiting = 0, databaseUrl, slowerBy }: AgentOptions = {},
): Promise<Result> {
  const env = {
    ...{ DATA_DIR: await mkdtemp(join(folder, 'agent-')), PORT: '0', LOG_LEVEL: 'warn', HOST: '127.0.0.1' },
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    // A minute of nothing but new workflows would fill the queue, and the rest would be refusals.
    WORKFLOWS_QUEUED: '10000000',
  };
  const counts = { workflows: storedWorkflows, snapshots, watched, awaiting };
  const seed = agentProgram('seed', ...Object.entries(counts).flatMap(([name, count]) => [`--${name}`, String(count)]));
  await runToEnd({ command: seed, env, cwd: rootFolder, limitMs: seedLimitMs });
  const main = agentProgram('main');
  const server = await startServer({
    command: onCore(cores, 'server', slowerBy === undefined ? main : preloaded('bench/servers/slower.ts', main)),
    env: slowerBy === undefined ? env : { ...env, SLOWER_BY: String(slowerBy) },
    cwd: rootFolder,
  });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
