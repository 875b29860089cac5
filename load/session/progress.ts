/**
 * How a run is going, while it goes. On a terminal, of which the load reporter tells, through the titles of a few steps,
 * which `list` and `line` show in the test's own row; elsewhere one line every ten seconds. No library draws it, since the
 * terminal is Playwright's.
 */
import { test } from '@playwright/test';
import { finished } from '../measure/counts.ts';
import { parentHasTerminal } from '../measure/listening.ts';
import { type RunData, windowPrecision } from '../measure/run-data.ts';
import { newestSecond } from '../measure/snapshot.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import { formatCount, formatDuration, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import type { Clock } from '../run/clock.ts';
import { judgeGenerator } from '../verdict/generator-health.ts';
import type { Look } from './look.ts';

/** Steps are kept in every report, so a run may make only so many. */
const mostSteps = 60;
const lineEveryMs = 10_000;

const alone = (): readonly RunData[] => [];

export interface ProgressParts {
  readonly look: Look;
  /** What the other cores have told so far; absent where there are none. */
  readonly others?: () => readonly RunData[];
  readonly clock: Clock;
  readonly zeroMs: number;
  readonly plannedMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Shows progress until the signal is aborted; never rejects and never holds up the run. */
export async function showProgress(parts: ProgressParts): Promise<void> {
  if (parentHasTerminal(process.env, process.ppid)) await showInSteps(parts);
  else await showInLines(parts);
}

async function showInSteps({ look, others = alone, clock, zeroMs, plannedMs, signal }: ProgressParts): Promise<void> {
  const everyMs = Math.max(1_000, (plannedMs ?? 60_000) / mostSteps);
  const rates: number[] = [];
  for (let n = 1; n <= mostSteps; n++) {
    await clock.sleepUntil(zeroMs + n * everyMs, signal);
    if (signal.aborted) return;
    const runs = [look(healthSince(clock.now() - zeroMs)), ...others()];
    rates.push(lastSecond(runs, clock.now() - zeroMs).rate);
    await test.step(progressLine(runs, { elapsedMs: clock.now() - zeroMs, plannedMs, rates }), () => undefined);
  }
}

async function showInLines({ look, others = alone, clock, zeroMs, plannedMs, signal }: ProgressParts): Promise<void> {
  const rates: number[] = [];
  for (let n = 1; ; n++) {
    if (plannedMs !== undefined && n * lineEveryMs >= plannedMs) return; // the summary is about to say it
    await clock.sleepUntil(zeroMs + n * lineEveryMs, signal);
    if (signal.aborted) return;
    const run = look(healthSince(clock.now() - zeroMs));
    const runs = [run, ...others()];
    rates.push(lastSecond(runs, clock.now() - zeroMs).rate);
    process.stdout.write(
      `${run.plan.profile}: ${progressLine(runs, { elapsedMs: clock.now() - zeroMs, plannedMs, rates })}\n`,
    );
  }
}

/** `runs`: of each core one. `0:12 of 0:30, 18s left ▂▅▇ · 512/s · 8 users · p95 12.4 ms · 0 % errors · event loops 35.0 %, 40.0 %`. */
export function progressLine(
  runs: readonly RunData[],
  { elapsedMs, plannedMs, rates }: { elapsedMs: number; plannedMs: number | undefined; rates: readonly number[] },
): string {
  const { rate, users, p95Ms } = lastSecond(runs, elapsedMs);
  const ended = runs.reduce((sum, { counts }) => sum + finished(counts), 0);
  const ok = runs.reduce((sum, { counts }) => sum + counts.ok, 0);
  const errors = ended === 0 ? undefined : (ended - ok) / ended;
  return [
    `${minutes(elapsedMs)}${plannedMs === undefined ? '' : ` of ${minutes(plannedMs)}, ${formatDuration(Math.max(0, Math.round((plannedMs - elapsedMs) / 1_000) * 1_000))} left`} ${spark(rates.slice(-10))}`.trimEnd(),
    formatRate(rate),
    ...(users === 0 ? [] : [users === 1 ? '1 user' : `${formatCount(users)} users`]),
    ...(p95Ms === undefined ? [] : [`p95 ${formatMs(p95Ms)}`]),
    ...(errors === undefined ? [] : [`${formatPercent(errors)} errors`]),
    ...healthWords(runs, healthSince(elapsedMs)),
  ].join(' · ');
}

interface LastSecond {
  readonly rate: number;
  /** At work in a closed model; 0 in an open one, whose users are as many as its requests need. */
  readonly users: number;
  readonly p95Ms: number | undefined;
}

/** The last second that all have told whole: completed per second, and the p95 of what was due in it. */
function lastSecond(runs: readonly RunData[], elapsedMs: number): LastSecond {
  const second = wholeSecond(runs, elapsedMs);
  const latency = new SparseHistogram(windowPrecision);
  for (const { endpoints } of runs) {
    for (const { windows } of endpoints.values()) {
      const window = windows.get(second);
      if (window !== undefined) latency.add(window.latency);
    }
  }
  const rate = runs.reduce((sum, { windows }) => sum + (windows.get(second)?.completed ?? 0), 0);
  const users = runs.reduce(
    (sum, { plan, windows }) => sum + (plan.model === 'closed' ? (windows.get(second)?.users ?? 0) : 0),
    0,
  );
  return { rate, users, p95Ms: latency.percentile(95) };
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
function healthWords(runs: readonly RunData[], since: number): string[] {
  const [first] = runs;
  const segments = runs
    .flatMap((run) => run.segments)
    .map((segment) => ({ ...segment, generator: segment.generator.filter(({ second }) => second >= since) }));
  const loops = segments.flatMap(({ generator }) => generator.at(-1)?.elu ?? []);
  if (first === undefined || loops.length === 0) return [];
  const { verdict } = judgeGenerator({ ...first, segments });
  const noun = loops.length === 1 ? 'event loop' : 'event loops';
  return [`${noun} ${loops.map(formatPercent).join(', ')}${verdict === 'saturated' ? ', saturated' : ''}`];
}

const bars = '▁▂▃▄▅▆▇█';

/** Values as bars between nothing and their highest. */
export function spark(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  if (highest === 0) return bars.charAt(0).repeat(values.length);
  return values.map((value) => bars.charAt(Math.round((value / highest) * (bars.length - 1)))).join('');
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
