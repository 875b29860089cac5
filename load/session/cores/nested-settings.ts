/** What a nested Playwright is told of the test that it is to run, by its environment. */

/** Holds the settings in every process of a nested Playwright. */
export const settingsVariable = 'PLAYLOAD_CORES';
/** Process id of the worker for which they are meant: what it starts itself is no core of the load. */
export const workerVariable = 'PLAYLOAD_CORES_WORKER';
/** Which core runs a spec, from 1; unset on the first one. */
export const coreVariable = 'LOAD_CORE';

export interface NestedSettings {
  /** Where the first core listens on loopback, and what it knows its own by. */
  readonly port: number;
  readonly token: string;
  /** The core of the first worker, from 1. */
  readonly firstCore: number;
  readonly workers: number;
  readonly shard: { readonly index: number; readonly of: number };
  /** The user's configuration; absent where there is none. */
  readonly configFile?: string;
  readonly tsconfig?: string;
  readonly rootDir: string;
  readonly outputDir: string;
  readonly project: {
    readonly name: string;
    /** Its place in the configuration. */
    readonly at: number;
    readonly testDir: string;
    readonly snapshotDir: string;
  };
  readonly baseURL?: string;
  /** Which attempt of the test the first core makes. */
  readonly attempt: { readonly retry: number; readonly repeatEachIndex: number };
  readonly test: {
    /** File and titles. */
    readonly titlePath: readonly string[];
    readonly line: number;
    readonly column: number;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined in any other process. */
export function nestedSettings(env: Environment): NestedSettings | undefined {
  const text = env[settingsVariable];
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as NestedSettings);
}

/** What this worker is told, and which core it is; undefined in one that nobody nested. */
export function nestedWorker(
  env: Environment,
  pid: number,
): { readonly settings: NestedSettings; readonly core: number } | undefined {
  const settings = env[workerVariable] === String(pid) ? nestedSettings(env) : undefined;
  return settings === undefined ? undefined : { settings, core: Number(env[coreVariable]) };
}
