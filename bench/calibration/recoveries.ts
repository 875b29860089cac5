/** Recoveries of a server that has a queue of known length: how far each answer is from the time that the queue takes. */
import { inWorker } from '../children/worker.ts';
import type { Setting } from '../experiment.ts';
import { withCapacityServer } from '../servers/start.ts';
import { alignedTable } from '../table.ts';
import { recoveries, type RecoveryAnswer } from '../worker/jobs.ts';
import { capacities } from './capacities.ts';

const probePerSec = 50;
const stressSeconds = 4;
/** A window of `load.recovery`: no answer is finer. */
const windowMs = 1_000;

/** Beyond what the server can do, for so long. */
const stresses: readonly number[] = [250, 350, 450];

/** What the stress has left is worked off by what the probe leaves of the server. */
export function drainMsOf(stressPerSec: number): number {
  const { perSec } = capacities.queue;
  return (1_000 * (stressPerSec + probePerSec - perSec) * stressSeconds) / (perSec - probePerSec);
}

export async function countRecoveries(
  setting: Setting,
  times: number,
  say: (line: string) => void,
): Promise<{ readonly lines: readonly string[]; readonly right: boolean }> {
  const rows: Recovered[] = [];
  for (const stressPerSec of stresses) {
    for (let time = 1; time <= times; time++) {
      const answer = await withCapacityServer(setting, async ({ url }) => {
        const ask = { url: `${url}/queue`, probePerSec, stressPerSec, stressSeconds };
        return (await inWorker(setting, { job: recoveries, ask, limitMs: 120_000, mayFail: true })).answer;
      });
      rows.push({ stressPerSec, answer });
      say(`${stressPerSec}/s, ${time} of ${times}: ${answer.sentence}`);
    }
  }
  return { lines: recoveryTable(rows), right: rows.every(isRecovered) };
}

export interface Recovered {
  readonly stressPerSec: number;
  readonly answer: RecoveryAnswer;
}

/** Within one window of the truth. */
export function isRecovered({ stressPerSec, answer: { recoveredAfterMs } }: Recovered): boolean {
  return recoveredAfterMs !== undefined && Math.abs(recoveredAfterMs - drainMsOf(stressPerSec)) <= windowMs;
}

export function recoveryTable(rows: readonly Recovered[]): string[] {
  const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(2)} s`);
  return alignedTable(
    [`${capacities.queue.words}, stressed by`, 'drains after', 'recovered', 'off by', ''],
    rows.map((row) => {
      const truthMs = drainMsOf(row.stressPerSec);
      const { recoveredAfterMs } = row.answer;
      return [
        `${row.stressPerSec}/s for ${stressSeconds} s`,
        seconds(truthMs),
        seconds(recoveredAfterMs),
        recoveredAfterMs === undefined ? '–' : seconds(recoveredAfterMs - truthMs),
        isRecovered(row) ? '✓' : `✗ ${row.answer.verdict}`,
      ];
    }),
    1,
  );
}
