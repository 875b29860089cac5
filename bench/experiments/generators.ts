/**
 * How fast requests are sent, closed loop, 50 connections, JSON read: the bare context against autocannon, the whole
 * `load` fixture against the bare context.
 */
import type { Server } from '../children/child.ts';
import { cpuShareOf } from '../children/cpu-share.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { atLeast, measured, type Reading } from '../reading.ts';
import { ratios } from '../spread.ts';
import { hasNginx, withNginx } from '../servers/nginx.ts';
import { withFastServer } from '../servers/start.ts';
import { speed, type SpeedAnswer } from '../worker/jobs.ts';

/** What the context has to reach of autocannon's rate: 50,000 of 90,000 requests a second. */
const ofAutocannon = 0.55;
/** What recording, series and naming may leave of the bare context's rate. */
const ofContext = 0.85;

export const generators: Experiment = {
  name: 'generators',
  about: 'requests per second of autocannon, the request context and the `load` fixture, 50 connections, JSON read',
  measure: async (setting) => {
    const own = await withFastServer(setting, async (server) => against(server, setting));
    if (!hasNginx()) return own;
    const nginx = await withNginx(setting, async (server) => against(server, setting));
    return [...own, ...nginx.map((reading) => ({ ...reading, what: `nginx: ${reading.what}` }))];
  },
};

async function against({ url, pid }: Server, setting: Setting): Promise<Reading[]> {
  const ask = { url, rounds: setting.quick ? 2 : 5, blockSeconds: setting.quick ? 1 : 2 };
  const { result, share } = await cpuShareOf(pid, () => inWorker(setting, { job: speed, ask }));
  return readingsOf(result.answer, `the server's core was ${share} % busy on average`);
}

function readingsOf({ autocannon, context, fixture, cpuUs }: SpeedAnswer, busy: string): Reading[] {
  return [
    measured('autocannon', '/s', autocannon, { note: busy }),
    measured('RequestContext get + json + dispose', '/s', context),
    measured('`load` fixture, the same', '/s', fixture),
    measured('RequestContext ÷ autocannon', '×', ratios(context, autocannon), { bar: atLeast(ofAutocannon) }),
    measured('`load` fixture ÷ RequestContext', '×', ratios(fixture, context), { bar: atLeast(ofContext) }),
    measured('RequestContext: CPU per request', 'µs', cpuUs.context),
    measured('`load` fixture: CPU per request', 'µs', cpuUs.fixture),
  ];
}
