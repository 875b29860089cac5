/**
 * A nested Playwright that runs the test at hand on further cores: a process group of its own, which ends with the test,
 * however that ends, and of which the last words are kept for whoever has to explain it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestInfo } from '@playwright/test';
import { libraryFile } from '../../run/calling-file.ts';
import type { Clock } from '../../run/clock.ts';
import { killGroup } from '../kill-group.ts';
import { preprocesses } from '../playwright-version.ts';
import { type NestedSettings, settingsVariable } from './nested-settings.ts';
import { type NestedWord, nestedWordOf } from './nested-words.ts';

export interface NestedParts {
  readonly testInfo: TestInfo;
  readonly clock: Clock;
  readonly baseURL: string | undefined;
  readonly settings: Pick<NestedSettings, 'port' | 'token' | 'firstCore' | 'workers' | 'shard'>;
  /** Told what its workers do and say. */
  readonly onWord: (word: NestedWord) => void;
  /** Told once that no process is left, or that none could be started. */
  readonly onExit: (words: string) => void;
}

/** Lines of what it says that are kept. */
const keptLines = 30;
/** How long the end of a killed process takes to be known, on a machine that is busy. */
const killMs = 10_000;

export class NestedPlaywright {
  readonly #parts: NestedParts;
  readonly #outputDir: string;
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #lines: string[] = [];
  #exited = false;

  constructor(parts: NestedParts) {
    this.#parts = parts;
    const { settings, onExit } = parts;
    this.#outputDir = join(
      tmpdir(),
      `playload-cores-${process.pid}-${settings.token.slice(0, 8)}-${settings.firstCore}`,
    );
    const [program = '', ...args] = commandOf(parts.testInfo);
    this.#process = spawn(program, args, {
      detached: process.platform !== 'win32',
      env: { ...environmentOf(process.env), [settingsVariable]: JSON.stringify(this.#settings()) },
      stdio: ['pipe', 'pipe', 'pipe'], // its standard input closes when this process ends, and it with it
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#listenTo(stream);
    this.#process.stdin?.on('error', () => undefined); // `close` follows
    this.#closed = new Promise((closed) => {
      const end = (words: string) => {
        if (this.#exited) return;
        this.#exited = true;
        closed();
        onExit(words);
      };
      this.#process.on('error', (error) => end(`it could not be started: ${error.message}`));
      this.#process.on('close', (code, signal) =>
        end(`its Playwright ended ${signal === null ? `with exit code ${code ?? 0}` : `by ${signal}`}`),
      );
    });
  }

  /** What it said last, ` It said: …`; empty when it said nothing. */
  get said(): string {
    const lines = this.#lines.filter((line) => line.trim() !== '');
    return lines.length === 0 ? '' : `. It said:\n${lines.join('\n')}`;
  }

  /** Lets it end by itself for so long, and then ends it; resolves when no process and no file of it is left. */
  async end(graceMs: number): Promise<void> {
    await this.#within(graceMs);
    killGroup(this.#process);
    await this.#within(killMs);
    rmSync(this.#outputDir, { recursive: true, force: true });
  }

  async #within(ms: number): Promise<void> {
    if (this.#exited || ms === 0) return;
    const { clock } = this.#parts;
    const closed = new AbortController();
    await Promise.race([this.#closed, clock.sleepUntil(clock.now() + ms, closed.signal)]);
    closed.abort();
  }

  #listenTo(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
    });
    stream?.on('end', () => this.#hear(rest));
  }

  #hear(line: string): void {
    const word = nestedWordOf(line);
    if (word === undefined) this.#keep(line);
    else this.#parts.onWord(word);
    if (word?.kind === 'said') word.text.split('\n').forEach((said) => this.#keep(said));
  }

  #keep(line: string): void {
    this.#lines.push(stripVTControlCharacters(line).slice(0, 1_000));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  #settings(): NestedSettings {
    const { testInfo, settings, baseURL } = this.#parts;
    const { project, titlePath, line, column, retry, repeatEachIndex } = testInfo;
    const config: Omit<TestInfo['config'], 'argv'> & { readonly argv?: readonly string[] } = testInfo.config; // from 1.61 on
    const tsconfig = optionOf(config.argv ?? [], '--tsconfig');
    return {
      ...settings,
      ...(config.configFile !== undefined && { configFile: config.configFile }),
      ...(tsconfig !== undefined && { tsconfig: resolve(tsconfig) }),
      rootDir: config.rootDir,
      outputDir: this.#outputDir,
      project: {
        name: project.name,
        at: config.projects.indexOf(project),
        testDir: project.testDir,
        snapshotDir: project.snapshotDir,
      },
      ...(baseURL !== undefined && { baseURL }),
      attempt: { retry, repeatEachIndex },
      test: { titlePath, line, column },
    };
  }
}

/** The very Playwright that runs us, which our own import of it finds. */
function commandOf(testInfo: TestInfo): string[] {
  const { config, project, titlePath } = testInfo;
  const [file = ''] = titlePath;
  const own = libraryFile('session/cores/nested-config');
  const cli = createRequire(own).resolve('@playwright/test/cli');
  const path = `${escaped(resolve(config.rootDir, file))}$`;
  return [
    process.execPath,
    ...process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
    ...[cli, 'test', ...(preprocesses(config.version) ? [path] : onlyTest(path, testInfo)), '--config', own],
    ...(project.name === '' ? [] : [`--project=${project.name}`]), // the last one: it takes what follows for projects
  ];
}

/** The file's one test, by its place and its titles: those made in a loop share their place. Tags follow the titles. */
function onlyTest(path: string, { line, column, titlePath }: TestInfo): string[] {
  return [`${path}:${line}:${column}`, `--grep=/(?:^| )${escaped(titlePath.join(' '))}(?: @\\S+)*$/`];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What Playwright says to its workers and its reporters; a nested one says it anew, or must not know. */
const foreign =
  /^(?:TEST_(?:WORKER|PARALLEL)_INDEX|PLAYWRIGHT_(?:BLOB|HTML|JSON|JUNIT|FORCE_TTY|LIST|LIVE|LAST_RUN|DASHBOARD)\w*|PW_TEST_(?:REPORTER|HTML|DEBUG_REPORTERS|REUSE)\w*|PWTEST_(?:WATCH|BLOB|SHARD)\w*|PWDEBUG|FORCE_COLOR|DEBUG_COLORS|LOAD_SHARD|LOAD_START_AT|NODE_CHANNEL_\w+)$/;

function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  return at === -1 ? undefined : argv[at]?.includes('=') === true ? argv[at].slice(name.length + 1) : argv[at + 1];
}
