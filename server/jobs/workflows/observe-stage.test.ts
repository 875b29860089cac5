/** How an engine takes the restart that a change needs, and what the agent makes of it. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import { defaultWorkflowSettings, type Workflow, type WorkflowSettings } from '../../domain/workflows/workflow.ts';
import { FakeTime, figures, instance, scrapeOf, workflow } from '../../testing/workflows.ts';
import { doStep, type StepTools } from './steps.ts';
import { WindowMeter } from './window-meter.ts';

/** From so many seconds after the stage was carried out, the engine is away, or its n-th process answers. */
type Life = readonly (readonly [fromS: number, 'away' | number])[];

interface Given {
  readonly life: Life;
  readonly stages?: readonly number[];
  /** False: the plan says that the change needs no restart. */
  readonly restart?: boolean;
  /** The engine does not say when it started. */
  readonly startless?: boolean;
}

const requestsPerS = 10;
const { guard } = defaultWorkflowSettings;
/** One figure of these pages is compared: the error rate. */
const settings: WorkflowSettings = { ...defaultWorkflowSettings, monitor_s: 300, restart_s: 900, guard };

/** An engine that lives as told, a deployer that says yes at once, and time that passes where it is waited for. */
function world({ life, startless = false }: Given) {
  const time = new FakeTime();
  let carriedOutMs: number | undefined;
  const page = () => {
    const sinceS = carriedOutMs === undefined ? -1 : (time.passedMs - carriedOutMs) / 1_000;
    const at = life.findLast(([fromS]) => fromS <= sinceS);
    const process = at?.[1] ?? 0;
    if (process === 'away') throw new Error('connection refused');
    // The process from before has counted for an hour already.
    const sinceBirthS = process === 0 ? 3_600 + time.passedMs / 1_000 : sinceS - (at?.[0] ?? 0);
    const done = Math.floor(sinceBirthS * requestsPerS);
    const startedS = startless ? undefined : 1_000 + process;
    return scrapeOf({ done, startedS }, time.clock.nowMs(), 'vllm:request_success_total{finished_reason="error"} 0\n');
  };
  const { pace, clock } = time;
  const tools: StepTools = {
    instance: async () => instance,
    meter: new WindowMeter({ collector: { scrape: async () => page() }, pace, timeoutMs: 1_000 }),
    lastChange: async () => undefined,
    diagnose: () => Promise.reject(new Error('not asked for')),
    actuators: {
      webhook: { carryOut: async () => void (carriedOutMs ??= time.passedMs) },
      dry_run: { carryOut: async () => undefined },
    },
    ...{ clock, pace },
  };
  return { tools, time };
}

function beginning({ stages = [100], restart = true }: Given): Workflow {
  const plan: Plan = { engine: 'vllm', actions: [], skipped: [], changes: [], restart };
  return workflow('applying', { baseline: figures, plan, stage_index: 0 }, { settings: { ...settings, stages } });
}

const { signal } = new AbortController();

/** Does one stage, step by step, each from what was written by the one before it. */
async function play(given: Given) {
  const { tools, time } = world(given);
  const phases: string[] = [];
  let current = beginning(given);
  const [stage] = current.settings.stages;
  do {
    const written = JSON.parse(JSON.stringify(current)) as Workflow;
    current = { ...written, ...(await doStep(tools, written, signal)) };
    if (current.progress.phase !== undefined) phases.push(current.progress.phase);
  } while (['applying', 'observing'].includes(current.status) && (current.progress.observations ?? []).length === 0);
  const { observations = [], warmups = [], reason, phase, watch } = current.progress;
  expect([phase, watch]).toEqual([undefined, undefined]);
  expect(observations.every((observation) => observation.stage === stage)).toBe(true);
  const restart = observations.at(-1)?.restart;
  return { phases: phases.join(' '), status: current.status, restart, reason, warmups: warmups.length, tookS: time.passedMs / 1_000 }; // prettier-ignore
}

const crashing = (upS: number, awayS: number): Life =>
  Array.from({ length: 40 }, (_, n) => [
    [n * (upS + awayS), 'away'] as const,
    [n * (upS + awayS) + awayS, n + 1] as const,
  ]).flat();

const window = settings.monitor_s;
const cases: {
  what: string;
  given: Given;
  phases: string;
  status: string;
  restart: string | undefined;
  reason?: string;
  warmups?: number;
  atMostS: number;
}[] = [
  { what: 'a restart of 2 s', given: { life: [[0, 'away'], [2, 1]] }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 10 },
  { what: 'a restart of 60 s', given: { life: [[0, 'away'], [60, 1]] }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 70 },
  { what: 'a restart of 60 s, by an engine that does not tell its start', given: { life: [[0, 'away'], [60, 1]], startless: true }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 70 },
  { what: 'a restart of nearly all the time there is', given: { life: [[0, 'away'], [895, 1]] }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 910 },
  { what: 'a restart that begins half a minute after the deployer said yes', given: { life: [[0, 0], [30, 'away'], [90, 1]] }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 100 },
  { what: 'a restart between two pages', given: { life: [[0, 1]] }, phases: 'restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 10 },
  { what: 'an engine that never comes back', given: { life: [[0, 'away']] }, phases: 'restarting', status: 'rolling_back', restart: 'awaited', reason: 'at 100 %: the engine did not come back within 900 s of its restart (connection refused)', atMostS: 910 },
  { what: 'a second restart while it warms up', given: { life: [[0, 'away'], [60, 1], [100, 'away'], [160, 2]] }, phases: 'restarting warming_up restarting warming_up measuring', status: 'completed', restart: 'seen', warmups: 1, atMostS: 2 * window + 250 },
  { what: 'a second restart in the window that counts', given: { life: [[0, 'away'], [60, 1], [500, 2]] }, phases: 'restarting warming_up measuring warming_up measuring', status: 'completed', restart: 'seen', warmups: 2, atMostS: 3 * window + 250 },
  { what: 'an engine that dies of the change for good, once it has come back', given: { life: [[0, 'away'], [60, 1], [200, 'away']] }, phases: 'restarting warming_up restarting', status: 'rolling_back', restart: 'seen', reason: 'at 100 %: the engine did not come back within 900 s of its restart (connection refused)', atMostS: 1_120 },
  { what: 'a crash loop that is away for a minute each time', given: { life: crashing(30, 60) }, phases: 'restarting warming_up restarting warming_up restarting warming_up', status: 'rolling_back', restart: 'seen', reason: 'at 100 %: the engine keeps restarting: it was away 3 times more than it should', atMostS: 400 },
  { what: 'a crash loop too quick to be seen away', given: { life: crashing(70, 0) }, phases: 'restarting warming_up warming_up warming_up', status: 'rolling_back', restart: 'seen', reason: 'at 100 %: the engine keeps restarting: it was away 3 times more than it should', atMostS: 500 },
  { what: 'no restart, for all', given: { life: [[0, 0]] }, phases: 'restarting measuring', status: 'inconclusive', restart: 'not_seen', reason: 'at 100 %: the change needs a restart, and none was seen; approve, reject or cancel', atMostS: 910 + window },
  { what: 'no restart, for some', given: { life: [[0, 0]], stages: [10, 100] }, phases: 'restarting measuring', status: 'applying', restart: 'not_seen', atMostS: 2 * window + 10 },
  { what: 'a restart for some that comes in the window that counts', given: { life: [[0, 0], [450, 1]], stages: [10, 100] }, phases: 'restarting measuring warming_up measuring', status: 'applying', restart: 'seen', warmups: 1, atMostS: 4 * window },
  { what: 'an engine that is away and comes back as it was', given: { life: [[0, 'away'], [20, 0]] }, phases: 'restarting measuring', status: 'inconclusive', restart: 'not_seen', reason: 'at 100 %: the change needs a restart, and none was seen; approve, reject or cancel', atMostS: 910 + window },
  { what: 'a change that needs no restart', given: { life: [[0, 0]], restart: false }, phases: 'measuring', status: 'completed', restart: 'not_needed', atMostS: window + 10 },
  { what: 'a page that is missing for a moment, and no restart needed', given: { life: [[0, 0], [50, 'away'], [54, 0]], restart: false }, phases: 'measuring', status: 'completed', restart: 'not_needed', atMostS: window + 10 },
  { what: 'a restart that nobody asked for', given: { life: [[0, 0], [70, 1]], restart: false }, phases: 'measuring warming_up measuring', status: 'completed', restart: 'not_needed', warmups: 1, atMostS: 3 * window },
  { what: 'a quick crash loop by a change that needs no restart', given: { life: crashing(70, 0), restart: false }, phases: 'measuring warming_up warming_up', status: 'rolling_back', restart: 'not_needed', reason: 'at 100 %: the engine keeps restarting: it was away 3 times more than it should', atMostS: 500 },
]; // prettier-ignore
for (const { what, given, atMostS, warmups = 0, reason, ...expected } of cases) {
  test(`${what}: ${expected.phases}, then ${expected.status}`, async () => {
    const { tookS, ...played } = await play(given);
    expect(played).toEqual({ ...expected, warmups, reason });
    expect(tookS).toBeLessThanOrEqual(atMostS);
  });
}

test('a change that needs no restart has only a moment of patience', async () => {
  await expect(play({ life: [[0, 0], [50, 'away'], [120, 0]], restart: false })).rejects.toThrow('connection refused'); // prettier-ignore
});

/** Waits until the agent dies: its step stops after so many waits, and nothing of it was written. */
async function dieAfter(waits: number, given: ReturnType<typeof world>, current: Workflow): Promise<void> {
  const death = new AbortController();
  let left = waits;
  const wait = async (ms: number) => {
    if (left-- === 0) death.abort();
    death.signal.throwIfAborted();
    await given.time.pace.wait(ms);
  };
  const tools = { ...given.tools, pace: { ...given.time.pace, wait } };
  await expect(doStep(tools, current, death.signal)).rejects.toThrow();
}

const deaths = [
  { what: 'and no clock is touched', stepMs: 0, atMostS: 910 },
  { what: 'and the clock is set back by hours', stepMs: -5 * 3_600_000, atMostS: 1_310 },
  { what: 'and the clock is set forward by hours', stepMs: 5 * 3_600_000, atMostS: 420 },
];
for (const { what, stepMs, atMostS } of deaths) {
  test(`an agent dies in the wait for an engine that never comes back ${what}: the next one still ends it`, async () => {
    const made = world({ life: [[0, 'away']] });
    const begun = beginning({ life: [] });
    const looked = { ...begun, ...(await doStep(made.tools, begun, signal)) };
    const waiting = { ...looked, ...(await doStep(made.tools, looked, signal)) };
    await dieAfter(200, made, waiting); // 400 s
    made.time.stepClock(stepMs);
    const { status } = await doStep(made.tools, waiting, signal);
    expect(status).toBe('rolling_back');
    expect(made.time.passedMs / 1_000).toBeLessThanOrEqual(atMostS);
  });
}

test('an agent that takes over in the wait sees that the engine restarted meanwhile', async () => {
  const made = world({ life: [[0, 'away'], [60, 1]] }); // prettier-ignore
  const begun = beginning({ life: [] });
  const looked = { ...begun, ...(await doStep(made.tools, begun, signal)) };
  const waiting = { ...looked, ...(await doStep(made.tools, looked, signal)) };
  await dieAfter(5, made, waiting);
  made.time.pass(3_600_000);
  const { progress } = await doStep(made.tools, waiting, signal);
  expect([progress.phase, progress.watch?.restart]).toEqual(['warming_up', 'seen']);
});
