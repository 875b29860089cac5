/**
 * How late an open model starts its requests, and what it costs to be on time: the `load` fixture at four rates, and the
 * pacemaker alone beside a timer of one millisecond, which is the best that Node has. What the machine itself holds up is
 * in both, so a row says how late a loop would be that does nothing but read the clock.
 */
import { Pacemaker } from '../../load/run/pacemaker.ts';
import { runToEnd, startLimitMs } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import { rootFolder, script } from '../children/programs.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, measured, type Reading } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { openLoad } from '../worker/jobs.ts';

const rates = [200, 500, 2_000, 5_000];
const lagP50Ms = 0.1;
const lagP99Ms = 0.5;
/** Of one core, above what the timer takes. */
const costPercent = 10;
const clockMs = 2_000;

export const pacing: Experiment = {
  name: 'pacing',
  about:
    'lag of the `load` fixture at four rates, and the CPU of keeping time beside a timer of 1 ms, in percent of a core',
  measure: async (given) => {
    // As a user runs it: the collector, the thread that keeps time and Playwright's own process may take the other core.
    const setting: Setting = { ...given, cores: { kind: 'free', reason: 'lag is measured as users run it' } };
    const machineMs: number[] = [];
    const lags = await withFastServer(setting, async ({ url }) => {
      const readings: Reading[] = [];
      for (const perSec of rates) {
        readings.push(...(await lagAt(perSec, url, setting)));
        readings.push(await lagOfASleeper(perSec, setting));
        machineMs.push(await lagOfTheMachine(setting));
      }
      return readings;
    });
    const machine = measured('p99 of a loop that only reads the clock', 'ms', machineMs, {
      note: `after each rate for ${clockMs / 1_000} s: what a generator would lag that never sleeps and does nothing else`,
    });
    const costs: Reading[] = [];
    for (const perSec of rates) costs.push(await costOf(perSec, setting));
    return [...lags, machine, ...costs];
  },
};

async function lagAt(perSec: number, url: string, setting: Setting): Promise<Reading[]> {
  const ask = { url, starts: { perSec, seconds: setting.quick ? 3 : 10 } };
  const { answer } = await inWorker(setting, { job: openLoad, ask });
  const note = `the generator took ${answer.cpuPercent.toFixed(0)} % of a core and is called ${answer.generator.verdict}: ${answer.generator.reason}`;
  return [
    measured(`lag p50 at ${perSec}/s`, 'ms', [answer.lagP50Ms], { bar: below(lagP50Ms) }),
    measured(`lag p99 at ${perSec}/s`, 'ms', [answer.lagP99Ms], { bar: below(lagP99Ms), note }),
  ];
}

async function lagOfTheMachine({ cores }: Setting): Promise<number> {
  const command = onCore(cores, 'generator', script('bench/children/clock-reader.ts', String(clockMs)));
  return Number(await runToEnd({ command, cwd: rootFolder, limitMs: clockMs + startLimitMs }));
}

/** Right after the generator's own: both sleep between their moments, and this one does nothing at them. */
async function lagOfASleeper(perSec: number, { cores }: Setting): Promise<Reading> {
  const program = script('bench/children/clock-sleeper.ts', String(perSec), String(clockMs));
  const command = onCore(cores, 'generator', program);
  const printed = await runToEnd({ command, cwd: rootFolder, limitMs: clockMs + startLimitMs });
  const { p50Ms, p99Ms } = JSON.parse(printed) as { readonly p50Ms: number; readonly p99Ms: number };
  return measured(`p99 of a thread that only sleeps to ${perSec}/s`, 'ms', [p99Ms], {
    note: `p50 ${p50Ms.toFixed(3)} ms: what the machine adds to whoever sleeps between requests`,
  });
}

async function costOf(perSec: number, { quick }: Setting): Promise<Reading> {
  const ms = quick ? 1_000 : 3_000;
  const [exact, coarse]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    exact.push(await exactly(perSec, ms));
    coarse.push(await byTimer(ms));
  }
  return measured(
    `keeping time at ${perSec}/s, above a timer`,
    '%',
    exact.map((percent, round) => Math.max(0, percent - (coarse[round] ?? 0))),
    { bar: below(costPercent) },
  );
}

/** CPU time of this process, percent of a core, while somebody is woken at a steady rate. */
async function exactly(perSec: number, ms: number): Promise<number> {
  const pacemaker = new Pacemaker();
  await pacemaker.open((why) => {
    throw new Error(why);
  });
  try {
    return await cpuPercentOf(ms, (over) => {
      const zeroMs = performance.now();
      let n = 0;
      const next = () => {
        while (zeroMs + (n * 1_000) / perSec <= performance.now()) n += 1;
        if (n * 1_000 >= ms * perSec) over();
        else pacemaker.at(zeroMs + (n * 1_000) / perSec, next);
      };
      next();
    });
  } finally {
    await pacemaker.close();
  }
}

async function byTimer(ms: number): Promise<number> {
  return cpuPercentOf(ms, (over) => {
    const endMs = performance.now() + ms;
    const timer = setInterval(() => {
      if (performance.now() < endMs) return;
      clearInterval(timer);
      over();
    }, 1);
  });
}

async function cpuPercentOf(ms: number, work: (over: () => void) => void): Promise<number> {
  const before = process.cpuUsage();
  await new Promise<void>((resolve) => work(resolve));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / ms;
}
