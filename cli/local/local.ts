/**
 * `playload local`: all shards of a load as processes of one machine. One Playwright process starts what `webServer` and
 * global setup start, as always, and holds it; the shards run against that, meet, and leave their reports to a merge.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { omit } from '../../load/omit.ts';
import { MeetingServer } from '../../load/session/meeting/meeting-server.ts';
import { preprocesses } from '../../load/session/playwright-version.ts';
import { sharedRunId, unknownRunId } from '../../load/session/segment.ts';
import { stopSignal, type Stop } from '../stop-signal.ts';
import { removeDerivedConfig, writeDerivedConfig } from './derived-config.ts';
import { findConfig } from './find-config.ts';
import { type LocalArguments, localArguments } from './local-arguments.ts';
import { merge } from './merge.ts';
import { blobsIn } from './part.ts';
import { PlaywrightProcess, playwrightVersion } from './playwright-process.ts';
import { ServersPart } from './servers-part.ts';

export const localHelp = `Usage: npx playload local --shards <n> [options of playwright test]

Runs all shards of the load tests on this machine, each as a process of its own, against servers that are started once,
and merges what they measured: one report, one verdict, and its exit code.

  --shards <n>            how many processes share each load; no more than this machine has cores for, the server's aside
  -c, --config <file>     as for playwright test
  --reporter <reporters>  of the merged report, in place of those of the configuration

Everything else (--project, --grep, files) goes to playwright test in every shard.
`;

interface Run {
  readonly args: LocalArguments;
  readonly config: string;
  /** Beside it, for the parts. */
  readonly derived: string;
  readonly folder: string;
  readonly meeting: MeetingServer;
  readonly stop: Stop;
  readonly processes: Set<PlaywrightProcess>;
}

/** How long after a signal whoever is still there is killed: the tests may end in order, and a second signal is impatient. */
const killMs = { first: 60_000, again: 3_000 };

/** Resolves with the exit code: of the merge, or else of what failed; 130 or 143 after a signal. Throws `UsageError`. */
export async function local(words: readonly string[]): Promise<number> {
  const args = localArguments(words);
  const config = findConfig(process.cwd(), args.config);
  const processes = new Set<PlaywrightProcess>();
  const interruptAll = (thenKillMs: number) => {
    processes.forEach((each) => each.interrupt());
    setTimeout(() => processes.forEach((each) => each.kill()), thenKillMs).unref();
  };
  const stop = stopSignal(() => interruptAll(killMs.again));
  stop.signal.addEventListener('abort', () => interruptAll(killMs.first));
  const folder = await mkdtemp(join(tmpdir(), 'playload-local-'));
  const meeting = await MeetingServer.start({ shards: args.shards, host: '127.0.0.1' });
  const derived = await writeDerivedConfig(config);
  try {
    return await runAll({ args, config, derived, folder, meeting, stop, processes });
  } finally {
    await Promise.all([...processes].map(async ({ over }) => over));
    await Promise.all([meeting.close(), removeDerivedConfig(derived), rm(folder, { recursive: true, force: true })]);
    stop.forget();
  }
}

async function runAll(run: Run): Promise<number> {
  const { args, stop } = run;
  const cores = availableParallelism();
  if (args.shards >= cores)
    process.stdout.write(`${args.shards} shards and a server share ${cores} cores: each takes time from the others\n`);
  const servers = new ServersPart(run);
  try {
    const env = await servers.up;
    const stopped = stop.exitCode();
    if (stopped !== undefined) return stopped;
    if (env === undefined) return (await servers.end()) || 1; // it has said why
    const codes = await runShards(run, env);
    const ended = await servers.end();
    const merged = await mergeUnlessStopped(run, env);
    return stop.exitCode() ?? firstBad([merged, ...codes, ended]);
  } finally {
    await servers.end();
  }
}

/** Shards that could not even begin leave nothing, and have said why. */
async function mergeUnlessStopped({ config, folder, args, stop }: Run, env: NodeJS.ProcessEnv): Promise<number> {
  if (stop.signal.aborted || !existsSync(blobsIn(folder))) return 1;
  return merge({ config, folder, env, args, stop });
}

const firstBad = (codes: readonly number[]) => codes.find((code) => code !== 0) ?? 0;

async function runShards(run: Run, env: NodeJS.ProcessEnv): Promise<readonly number[]> {
  const { args, config, derived, folder, meeting, processes } = run;
  const shared = shardEnvironment(env, meeting.port, args.shards);
  const shards = Array.from({ length: args.shards }, (_, at) => at + 1);
  const shares = preprocesses(playwrightVersion(config)) ? asOption : asVariable;
  return Promise.all(
    shards.map(async (shard) => {
      const { option, variable } = shares(`${shard}/${args.shards}`);
      const child = new PlaywrightProcess({
        name: `shard ${shard}`,
        args: ['test', '--config', derived, ...option, ...args.playwright],
        // One looks at the server's process for all: its report has it once.
        env: { ...(shard === 1 ? shared : omit(shared, ['SERVER_PID'])), ...variable },
        part: { role: 'shard', shard, config, folder, parent: process.pid },
      });
      processes.add(child);
      const code = await child.over;
      processes.delete(child);
      meeting.leave(shard, `ended with exit code ${code}`);
      return code;
    }),
  );
}

/** How a shard is told its share. */
type Shares = (share: string) => { readonly option: readonly string[]; readonly variable: NodeJS.ProcessEnv };
const asOption: Shares = (share) => ({ option: [`--shard=${share}`], variable: {} });
/** An older Playwright would give each load to one shard; so all run all tests, also those without a load. */
const asVariable: Shares = (share) => ({ option: [], variable: { LOAD_SHARD: share } });

/** What could tell a shard otherwise is taken away. */
function shardEnvironment(env: NodeJS.ProcessEnv, port: number, shards: number): NodeJS.ProcessEnv {
  const runId = sharedRunId(env);
  const foreign = Object.keys(env).filter((name) => name.startsWith('PLAYWRIGHT_BLOB_'));
  return {
    ...omit(env, [...foreign, 'LOAD_SHARD', 'LOAD_START_AT', 'LOAD_DASHBOARD']),
    LOAD_SHARDS_HERE: String(shards),
    LOAD_MEET: `http://127.0.0.1:${port}`,
    LOAD_RUN_ID: runId === unknownRunId ? `local-${randomUUID()}` : runId,
  };
}
