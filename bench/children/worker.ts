/**
 * Runs one spec of `bench/worker/` in a Playwright worker, where load tests live: `npx playwright test` as a child, on
 * the generator's core, told what to do by an environment variable, answering by a file.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Setting } from '../experiment.ts';
import type { Job } from '../worker/job.ts';
import { runToEnd } from './child.ts';
import { onCore } from './cores.ts';
import { playwright, rootFolder } from './programs.ts';

export interface WorkerParts<Ask, Answer> {
  readonly job: Job<Ask, Answer>;
  readonly ask: Ask;
  readonly limitMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** More of Playwright's command line. */
  readonly args?: readonly string[];
  /** The spec answers, and may fail all the same: what it measures is bad. */
  readonly mayFail?: true;
  /** Told of each line that Playwright prints. */
  readonly onLine?: (line: string) => void;
}

export interface Worked<Answer> {
  readonly answer: Answer;
  /** Where its reporters wrote: `html/`, `load-results/`. */
  readonly folder: string;
}

const usualLimitMs = 180_000;

/** Rejects with Playwright's own words if the spec fails. */
export async function inWorker<Ask, Answer>(
  { cores, folder, node }: Setting,
  { job, ask, limitMs = usualLimitMs, env = {}, args = [], mayFail, onLine }: WorkerParts<Ask, Answer>,
): Promise<Worked<Answer>> {
  const own = join(folder, `${job.spec}-${randomUUID()}`);
  await mkdir(own, { recursive: true });
  const answerFile = join(own, 'answer.json');
  await runToEnd({
    command: onCore(
      cores,
      'generator',
      playwright(node, 'test', '--config', 'bench/worker/playwright.config.ts', `${job.spec}.bench.ts`, ...args),
    ),
    cwd: rootFolder,
    env: { ...env, BENCH_FOLDER: own, BENCH_ASK: JSON.stringify(ask), BENCH_ANSWER: answerFile, FORCE_COLOR: '0' },
    limitMs,
    ...(onLine !== undefined && { onLine }),
  }).catch((error: unknown) => {
    if (mayFail !== true || !existsSync(answerFile)) throw error;
  });
  return { answer: JSON.parse(await readFile(answerFile, 'utf8')) as Answer, folder: own };
}
