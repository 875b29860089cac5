/** Whoever looks on while a load goes on may break; the load goes on, and nothing that counts is passed over in silence. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyRunData } from '../measure/run-data.ts';
import { Recorder } from '../measure/recorder.ts';
import { quietlyLater } from '../resources/observing.ts';
import { arrivals } from '../profile/arrivals.ts';
import { showProgress } from './progress.ts';
import { HandMovedTime } from '../../testing/hand-moved-time.ts';
import { startProcessSampler } from '../resources/process-sampler.ts';
import { startTicker } from '../resources/ticker.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

const broken = (): never => {
  throw new Error('EMFILE: too many open files');
};

const observers: { name: string; look: () => Promise<unknown>; told: unknown }[] = [
  {
    name: 'a ticker whose callback throws ticks on',
    look: async () => {
      const time = new HandMovedTime();
      let ticks = 0;
      startTicker({ everyMs: 100, now: time.now, timers: time, onTick: () => (++ticks === 1 ? broken() : undefined) });
      await time.move(300);
      return ticks;
    },
    told: 3,
  },
  {
    name: 'a reader of processes that throws has missed its readings',
    look: async () => {
      const time = new HandMovedTime();
      const sampler = startProcessSampler({ name: 'server', pid: 1, now: time.now, timers: time, read: broken });
      await time.move(2_000);
      return (await sampler.stop()).missed;
    },
    told: { reason: 'EMFILE: too many open files', count: 4 },
  },
  {
    name: 'an abort rule that throws lets the load go on, once told as an exception',
    look: async () => {
      const { data, end } = await liveThrough(arrivals('10/s').for('3s'), undefined, { shouldAbort: broken });
      return [data.counts.ok, end.stopped, data.exceptions, [...data.errors.values()][0]?.endpoint];
    },
    told: [30, undefined, 1, 'abortOn: Error: EMFILE: too many open files'],
  },
  {
    name: 'progress that cannot be shown is left out',
    look: async () => {
      const run = emptyRunData({ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' });
      Object.defineProperty(run, 'windows', { get: broken });
      const clock = new VirtualClock();
      const of = { title: ['a.spec.ts', 'a load'], project: 'load' };
      const parts = {
        of,
        look: () => run,
        clock,
        zeroMs: 0,
        plannedMs: undefined,
        signal: new AbortController().signal,
      };
      await clock.live(quietlyLater('the progress of the run', async () => showProgress(parts)));
      return 'went on';
    },
    told: 'went on',
  },
];
for (const { name, look, told } of observers) {
  test(name, async () => {
    expect(await look()).toEqual(told);
  });
}

for (const method of ['requestStarted', 'requestEnded'] as const) {
  test(`books whose \`${method}\` throws in a socket's callback do not balance, and the load goes on`, async () => {
    const whole = Object.getOwnPropertyDescriptor(Recorder.prototype, method) ?? {};
    Object.defineProperty(Recorder.prototype, method, { ...whole, value: broken });
    try {
      const { data } = await liveThrough(arrivals('10/s').for('1s'), undefined, { gracefulStopMs: 100 });
      expect(data.iterations.started).toBe(10);
      expect(data.accounting).toContain('a request could not be filed: EMFILE: too many open files');
    } finally {
      Object.defineProperty(Recorder.prototype, method, whole);
    }
  });
}
