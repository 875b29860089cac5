/** A scenario that needs a fifth of a millisecond of CPU for each iteration and next to nothing else, from so many cores. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ScenarioContext, test, users } from '../../load/index.ts';
import { coresSpeed } from './jobs.ts';

const workMs = 0.2;
/** After the first iteration. */
const lookAfterMs = 2_000;
/** A load without a request is none: each core sends one in so many iterations. */
const oneIn = 1_000;

test('work on cores', async ({ load, loadSegment }) => {
  const { url, cores, seconds, askedAtEpochMs } = coresSpeed.ask();
  const playwrightMs = Date.now() - askedAtEpochMs;
  let memory = { runnerMb: 0, workersMb: 0 };
  let look: NodeJS.Timeout | undefined;
  const beganMs = performance.now();
  const scenario = async ({ request, turn }: ScenarioContext) => {
    look ??= setTimeout(() => (memory = nestedMemory()), lookAfterMs);
    await work();
    if (turn % oneIn === 1) await request.get(url);
  };
  const run = await load(users(cores).for(`${seconds}s`), scenario, { cores, unjudged: true, whenSaturated: 'warn' });
  const besideMs = performance.now() - beganMs - run.durationMs;
  clearTimeout(look);
  if (loadSegment.core > 1) return;
  const { iterations, durationMs, startSkewMs = 0 } = run.figures;
  const perSec = (iterations.started * 1_000) / durationMs;
  coresSpeed.answer({ perSec, besideMs, skewMs: startSkewMs, playwrightMs, ...memory });
});

/** Then it lets go of the thread, as waiting for a response would. */
async function work(): Promise<void> {
  const untilMs = performance.now() + workMs;
  while (performance.now() < untilMs);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Of the processes below this one, each page shared out among those that have it (PSS), MB. */
function nestedMemory(): { runnerMb: number; workersMb: number } {
  const runners = childrenOf(process.pid);
  const mbOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + pssMb(pid), 0);
  return { runnerMb: mbOf(runners), workersMb: mbOf(runners.flatMap(childrenOf)) };
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function pssMb(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? NaN) / 1_024;
}
