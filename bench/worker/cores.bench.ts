/** A scenario that needs a fifth of a millisecond of CPU for each iteration and next to nothing else, from so many cores. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ScenarioContext, test, users } from '../../load/index.ts';
import { coresSpeed } from './jobs.ts';

const workMs = 0.2;
/** In the midst of the load. */
const lookAfterMs = 3_000;
/** A load without a request is none: each core sends one in so many iterations. */
const oneIn = 1_000;

test('work on cores', async ({ load, loadSegment }) => {
  const { url, cores, seconds } = coresSpeed.ask();
  let nestedMb = 0;
  const look = setTimeout(() => (nestedMb = mbBelow(process.pid)), lookAfterMs);
  const beganMs = performance.now();
  const scenario = async ({ request, turn }: ScenarioContext) => {
    await work();
    if (turn % oneIn === 1) await request.get(url);
  };
  const run = await load(users(cores).for(`${seconds}s`), scenario, { cores, unjudged: true, whenSaturated: 'warn' });
  const besideMs = performance.now() - beganMs - run.durationMs;
  clearTimeout(look);
  if (loadSegment.core > 1) return;
  const { iterations, durationMs, startSkewMs = 0 } = run.figures;
  coresSpeed.answer({ perSec: (iterations.started * 1_000) / durationMs, besideMs, skewMs: startSkewMs, nestedMb });
});

/** Then it lets go of the thread, as waiting for a response would. */
async function work(): Promise<void> {
  const untilMs = performance.now() + workMs;
  while (performance.now() < untilMs);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Memory of all processes below, each page shared out among those that have it (PSS), MB. */
function mbBelow(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + pssMb(child) + mbBelow(child), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function pssMb(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? NaN) / 1_024;
}
