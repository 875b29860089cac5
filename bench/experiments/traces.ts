/** What a `traceparent` in each request costs: the same load without and with it, block by block in turn. */
import type { Experiment } from '../experiment.ts';
import { atLeast } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { compare } from './senders.ts';

/** Of the rate without it, by the clock and by CPU time. */
const share = 0.97;

export const traces: Experiment = {
  name: 'traces',
  about: 'requests per second of the `load` fixture without and with a `traceparent` in each request, 50 connections',
  measure: async (setting) =>
    withFastServer(setting, async (server) => {
      const compared = await compare(server, setting, { senders: ['fixture', 'traced'], isFine: true });
      return [...compared.rates('fixture', 'traced'), ...compared.ratio('traced', 'fixture', atLeast(share))];
    }),
};
