/** HTTP/2 beside h2load, which is written in C: as many connections and requests under way as ours. */
import { hasH2load, howToGetH2load } from '../children/h2load.ts';
import type { Experiment } from '../experiment.ts';
import { notMeasured } from '../reading.ts';
import { withFastHttp2Server } from '../servers/start.ts';
import { compare } from './senders.ts';

export const http2: Experiment = {
  name: 'http2',
  about:
    'requests per second over HTTP/2, one connection with 50 requests under way: h2load (-c 1 -m 50), the request context and the `load` fixture, JSON read',
  ofGenerators: true,
  measure: async (setting) =>
    withFastHttp2Server(setting, async (server) => {
      const isThere = hasH2load();
      const senders = [...(isThere ? (['h2load'] as const) : []), 'context', 'fixture'] as const;
      const compared = await compare(server, setting, { senders, http2: true });
      return [
        ...compared.rates(...senders),
        ...(isThere
          ? [...compared.ratio('context', 'h2load'), ...compared.ratio('fixture', 'h2load')]
          : [notMeasured('h2load', '/s', howToGetH2load)]),
      ];
    }),
};
