/**
 * How a run is going, while it goes: told to the load reporter, which draws it; where there is none, as in Playwright's
 * UI mode, a line every ten seconds among the test's own output.
 */
import { connect, type Socket } from 'node:net';
import { finished } from '../measure/counts.ts';
import { plainLine } from '../measure/plain-line.ts';
import {
  type Progress,
  progressLine,
  type ProgressMessage,
  type ProgressOf,
  type ProgressPlace,
  progressPlace,
} from '../measure/progress.ts';
import { type RunData, windowPrecision } from '../measure/run-data.ts';
import { newestSecond } from '../measure/snapshot.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import type { Clock } from '../run/clock.ts';
import { judgeGenerator } from '../verdict/generator-health.ts';
import type { Look } from './look.ts';

const lineEveryMs = 10_000;
const tellEveryMs = 1_000;
/** The first words come sooner, so that a run of a second is seen. */
const firstWordsMs = 500;

const alone = (): readonly RunData[] => [];

export interface ProgressParts {
  readonly of: ProgressOf;
  readonly look: Look;
  /** What the other cores have told so far; absent where there are none. */
  readonly others?: () => readonly RunData[];
  readonly clock: Clock;
  readonly zeroMs: number;
  readonly plannedMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Shows progress until the signal is aborted, and never holds up the run. */
export async function showProgress(parts: ProgressParts): Promise<void> {
  const place: ProgressPlace = progressPlace(process.env, process.ppid);
  if (place === 'off') return;
  if (place === undefined) await showInLines(parts);
  else await tellReporter(parts, place);
}

async function tellReporter(parts: ProgressParts, { port, token }: { port: number; token: string }): Promise<void> {
  const { clock, zeroMs, signal } = parts;
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined); // there is nobody to tell: the run goes on
  socket.unref();
  try {
    say(socket, { kind: 'hello', token, of: parts.of });
    say(socket, { kind: 'progress', progress: progressNow(parts) });
    let atMs = clock.now() < zeroMs ? clock.now() + tellEveryMs : zeroMs + firstWordsMs;
    for (; ; atMs += atMs === zeroMs + firstWordsMs ? firstWordsMs : tellEveryMs) {
      await clock.sleepUntil(atMs, signal);
      if (signal.aborted || socket.destroyed) return;
      say(socket, { kind: 'progress', progress: progressNow(parts) });
    }
  } finally {
    say(socket, { kind: 'ended' });
    socket.end();
  }
}

/** A reporter that does not listen is not waited for: what it has not taken is the last that it is told. */
function say(socket: Socket, message: ProgressMessage): void {
  if (socket.writable && socket.writableLength < 64 * 1_024) socket.write(`${JSON.stringify(message)}\n`);
}

async function showInLines(parts: ProgressParts): Promise<void> {
  const { of, clock, zeroMs, plannedMs, signal } = parts;
  const name = of.title.map(plainLine).join(' › ');
  for (let n = 1; ; n++) {
    if (plannedMs !== undefined && n * lineEveryMs >= plannedMs) return; // the end is about to say it
    await clock.sleepUntil(zeroMs + n * lineEveryMs, signal);
    if (signal.aborted) return;
    process.stdout.write(`${name}: ${progressLine(progressNow(parts))}\n`);
  }
}

function progressNow({ look, others = alone, clock, zeroMs, plannedMs }: ProgressParts): Progress {
  const elapsedMs = clock.now() - zeroMs;
  return progressOf([look(healthSince(elapsedMs)), ...others()], { elapsedMs, plannedMs });
}

/** `runs`: of each core one. */
export function progressOf(
  runs: readonly RunData[],
  { elapsedMs, plannedMs }: { elapsedMs: number; plannedMs: number | undefined },
): Progress {
  const { rate, eventRate, users, p95Ms } = lastSecond(runs, elapsedMs);
  const ended = runs.reduce((sum, { counts }) => sum + finished(counts), 0);
  const ok = runs.reduce((sum, { counts }) => sum + counts.ok, 0);
  return {
    elapsedMs,
    ...(plannedMs !== undefined && { plannedMs }),
    ...(rate !== undefined && { rate }),
    ...(eventRate !== undefined && { eventRate }),
    users,
    ...(p95Ms !== undefined && { p95Ms }),
    ...(ended > 0 && { errors: (ended - ok) / ended }),
    ...health(runs, healthSince(elapsedMs)),
  };
}

type LastSecond = Pick<Progress, 'rate' | 'eventRate' | 'users' | 'p95Ms'>;

/** The last second that all have told whole, or what there is of the first one. */
function lastSecond(runs: readonly RunData[], elapsedMs: number): LastSecond {
  const warmUpSeconds = Math.ceil((runs[0]?.plan.warmUpMs ?? 0) / 1_000);
  const second = Math.max(-warmUpSeconds, wholeSecond(runs, elapsedMs));
  const latency = new SparseHistogram(windowPrecision);
  for (const { endpoints } of runs) {
    for (const { windows } of endpoints.values()) {
      const window = windows.get(second);
      if (window !== undefined) latency.add(window.latency);
    }
  }
  const completed = runs.reduce((sum, { windows }) => sum + (windows.get(second)?.completed ?? 0), 0);
  const users = runs.reduce(
    (sum, { plan, windows }) => sum + (plan.model === 'closed' ? (windows.get(second)?.users ?? 0) : 0),
    0,
  );
  const events = eventsIn(runs, second);
  const lastedMs = Math.min(1_000, elapsedMs - second * 1_000);
  const p95Ms = latency.percentile(95);
  return {
    ...(lastedMs >= firstWordsMs && { rate: (completed * 1_000) / lastedMs }),
    ...(lastedMs >= firstWordsMs && events > 0 && { eventRate: (events * 1_000) / lastedMs }),
    users,
    ...(p95Ms !== undefined && { p95Ms }),
  };
}

/** Of streams, and messages that came over WebSockets. */
function eventsIn(runs: readonly RunData[], second: number): number {
  const rows = runs.flatMap(({ endpoints }) => [...endpoints.values()]);
  return rows.reduce((sum, { stream, socket }) => {
    return sum + (stream?.windows.get(second)?.events ?? 0) + (socket?.windows.get(second)?.received ?? 0);
  }, 0);
}

/** How many seconds later than the first core another one may tell of itself; one that is silent for longer is left out. */
const mostBehind = 3;

/** Another core tells of a second when it is over, so that it comes too late for a look at that moment. */
function wholeSecond([, ...others]: readonly RunData[], elapsedMs: number): number {
  const last = Math.floor(elapsedMs / 1_000) - 1;
  const told = Math.min(last, ...others.map((run) => newestSecond(run) - 1));
  return Math.max(told, last - mostBehind);
}

/** Where the last minute begins: a generator that was busy before it is not therefore busy now. */
function healthSince(elapsedMs: number): number {
  return Math.max(0, Math.floor(elapsedMs / 1_000) - 60);
}

/** How busy each generator was last, and whether that was too much in the last minute. */
function health(runs: readonly RunData[], since: number): Pick<Progress, 'loops' | 'saturated'> {
  const [first] = runs;
  const segments = runs
    .flatMap((run) => run.segments)
    .map((segment) => ({ ...segment, generator: segment.generator.filter(({ second }) => second >= since) }));
  const loops = segments.flatMap(({ generator }) => generator.at(-1)?.elu ?? []);
  if (first === undefined || loops.length === 0) return { loops: [], saturated: false };
  return { loops, saturated: judgeGenerator({ ...first, segments }).verdict === 'saturated' };
}
