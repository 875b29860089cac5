/**
 * How fast requests are sent, closed loop, 50 connections, JSON read: the bare context and the whole `load` fixture
 * against autocannon, which reads nothing.
 */
import type { Server } from '../children/child.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { atLeast, type Reading } from '../reading.ts';
import { hasNginx, withNginx } from '../servers/nginx.ts';
import { withFastServer } from '../servers/start.ts';
import { compare } from './senders.ts';

/** Of autocannon's rate, by the clock and by CPU time. */
const contextShare = 0.9;
const fixtureShare = 0.82;

export const generators: Experiment = {
  name: 'generators',
  about: 'requests per second of autocannon, the request context and the `load` fixture, 50 connections, JSON read',
  ofGenerators: true,
  measure: async (setting) => {
    const own = await withFastServer(setting, async (server) => against(server, setting));
    if (!hasNginx()) return own;
    const nginx = await withNginx(setting, async (server) => against(server, setting));
    return [...own, ...nginx.map((reading) => ({ ...reading, what: `nginx: ${reading.what}` }))];
  },
};

async function against(server: Server, setting: Setting): Promise<Reading[]> {
  const compared = await compare(server, setting, { senders: ['autocannon', 'context', 'fixture'] });
  return [
    ...compared.rates('autocannon', 'context', 'fixture'),
    ...compared.ratio('context', 'autocannon', atLeast(contextShare)),
    ...compared.ratio('fixture', 'autocannon', atLeast(fixtureShare)),
    ...compared.ratio('fixture', 'context'),
  ];
}
