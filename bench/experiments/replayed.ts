/** An access log with bursts, sent again: each line is to start when it came. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, exactly, measured } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { openLoad } from '../worker/jobs.ts';

const lines = 5_000;
const speed = 4;
const lagP99Ms = 5;

/** A minute in which each tenth second has ten times as many lines as the others. */
function bursts(): string {
  const perSecond = Array.from({ length: 60 }, (_, second) => (second % 10 === 3 ? 10 : 1));
  const unit = lines / perSecond.reduce((sum, each) => sum + each, 0);
  let sum = 0;
  return perSecond
    .flatMap((each, second) => {
      const from = Math.round(sum);
      sum += each * unit;
      const at = `10/Oct/2026:12:00:${String(second).padStart(2, '0')} +0000`;
      return Array.from({ length: Math.round(sum) - from }, () => `10.0.0.1 - - [${at}] "GET / HTTP/1.1" 200 5`);
    })
    .join('\n');
}

export const replayed: Experiment = {
  name: 'replay',
  about: `an access log of ${lines.toLocaleString('en')} lines in a minute, with bursts of ten times the usual, ${speed} times as fast`,
  measure: async (given) => {
    const setting: Setting = { ...given, cores: { kind: 'free', reason: 'lag is measured as users run it' } };
    const log = join(setting.folder, 'access.log');
    await writeFile(log, bursts());
    return withFastServer(setting, async ({ url }) => {
      const { answer } = await inWorker(setting, { job: openLoad, ask: { url, starts: { log, speed } } });
      return [
        measured('lines sent', 'requests', [answer.started], { bar: exactly(lines) }),
        measured('lag p50', 'ms', [answer.lagP50Ms]),
        measured('lag p99', 'ms', [answer.lagP99Ms], { bar: below(lagP99Ms) }),
      ];
    });
  },
};
