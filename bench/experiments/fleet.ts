/** How much memory the agent holds when it has analysed more histories than it keeps, and what one costs that it no longer has. */
import { performance } from 'node:perf_hooks';
import { rssMbOf } from '../children/cpu-share.ts';
import type { Experiment } from '../experiment.ts';
import { below, measured } from '../reading.ts';
import { analysisOf, register, seededInstance } from '../servers/seeded-instances.ts';
import { withAgent } from '../servers/start.ts';

const snapshots = 1_000;
const whole = { instances: 100, rounds: 3 } as const;
const quickly = { instances: 20, rounds: 1 } as const;
/** What the agent may take with one history, and the lines that it keeps (`historyLimits`), with some room. */
const rssBar = below(200);

export const fleet: Experiment = {
  name: 'fleet',
  about: `the agent analyses ${whole.instances} instances with ${snapshots} snapshots each, one after the other and over again`,
  measure: async (setting) => {
    const { instances, rounds } = setting.quick ? quickly : whole;
    return withAgent(
      setting,
      async (server) => {
        const ids = Array.from({ length: instances }, (_, n) => seededInstance(n));
        for (const id of ids) await register(server, id);
        const tookMs: number[] = [];
        for (let round = 0; round < rounds; round++)
          for (const id of ids) tookMs.push(await analysisTakesMs(server.url, id));
        const rssMb = await rssMbOf(server.pid);
        return [
          measured('POST /analyze of whom nobody asked lately: each takes', 'ms', tookMs),
          measured(`resident memory after ${instances} histories`, 'MB', [rssMb], { bar: rssBar }),
        ];
      },
      { snapshots, watched: instances },
    );
  },
};

async function analysisTakesMs(url: string, instance: string): Promise<number> {
  const beganMs = performance.now();
  const response = await fetch(`${url}/api/v1/analyze`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(analysisOf(instance)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the agent did not analyse \`${instance}\`: ${text}`);
  return performance.now() - beganMs;
}
